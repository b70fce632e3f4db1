import { IconPhotoOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { FOLDER_AGAIN } from '../../errors.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import styles from './image.module.css';

/** `loading` until known, null where there is no picture. */
type Shown = string | 'loading' | null;

/** The object URL of an image while the component shows it; for an image that is not in this browser, the given address. */
export function usePicture(hash: string | null, kind: 'thumbnail' | 'original', address?: string): Shown {
  const { pictureUrl, releaseUrl, thumbnailUrl } = useActions();
  const [picture, setPicture] = useState<{ readonly hash: string; readonly url: string | null } | null>(null);

  useEffect(() => {
    if (hash === null || address !== undefined) return;
    let url: string | null = null;
    let unmounted = false;
    const request = kind === 'thumbnail' ? thumbnailUrl(hash) : pictureUrl(hash);
    void request.then((answer) => {
      if (!unmounted) {
        url = answer;
        setPicture({ hash, url });
      } else if (answer !== null) {
        releaseUrl(answer);
      }
    });
    return () => {
      unmounted = true;
      if (url !== null) releaseUrl(url);
    };
  }, [hash, kind, address, thumbnailUrl, releaseUrl, pictureUrl]);

  if (address !== undefined) return address;
  // What is known of an earlier hash is released already.
  return picture !== null && picture.hash === hash ? picture.url : 'loading';
}

interface PictureProps {
  readonly hash: string | null;
  /** Empty where its name stands beside it. */
  readonly alt: string;
  /** Where the picture is, of an image of which nothing is in this browser. */
  readonly url?: string | undefined;
}

/** The whole image from its file, else its thumbnail; its parent says how large. */
export function Picture({ hash, alt, url }: PictureProps) {
  const picture = usePicture(hash, 'original', url);
  if (picture === 'loading') return <span className={styles.skeleton} data-picture="none" aria-hidden="true" />;
  if (picture === null) {
    return (
      <span className={styles.skeleton} data-picture="none">
        <IconPhotoOff size={24} aria-hidden="true" />
        <span className={styles.pictureWords}>No picture kept</span>
      </span>
    );
  }
  return <img className={styles.image} src={picture} alt={alt} decoding="async" draggable={false} />;
}

/** Where the files cannot be read, what is shown large is no photo but its thumbnail: says so, and how to see the photo. */
export function ThumbnailNote({ several = false }: { readonly several?: boolean }) {
  const files = useStore(useWorkspace().dataset, (state) => state.files);
  if (files === 'here') return null;
  return (
    <p className={styles.note}>
      {several ? 'Thumbnails' : 'The thumbnail'}: {FOLDER_AGAIN} to see{' '}
      {several ? 'the photos themselves' : 'the photo itself'}.
    </p>
  );
}

interface ThumbnailProps {
  /** Null until the file has been read. */
  readonly hash: string | null;
  /** The file's name; empty where it stands beside the picture. */
  readonly alt: string;
  /** `cover` cuts to a square tile; `contain` shows all of it. */
  readonly fit?: 'cover' | 'contain';
  /** Where the picture is, of an image of which nothing is in this browser. */
  readonly url?: string | undefined;
}

/** Fills its parent: a skeleton until the image has been read, then the stored thumbnail. */
export function Thumbnail({ hash, alt, fit = 'cover', url }: ThumbnailProps) {
  const picture = usePicture(hash, 'thumbnail', url);
  if (picture === 'loading') {
    return <span className={styles.thumbnailSkeleton} {...spoken(alt, hash === null ? 'not read yet' : null)} />;
  }
  if (picture === null) {
    return (
      <span className={styles.thumbnailMissing} {...spoken(alt, 'no thumbnail')}>
        <IconPhotoOff size={20} aria-hidden="true" />
      </span>
    );
  }
  return (
    <img
      className={styles.thumbnail}
      src={picture}
      alt={alt}
      decoding="async"
      style={{ objectFit: fit }}
      draggable={false}
    />
  );
}

/** What takes the picture's place is named as the picture would be, or hidden with it. */
function spoken(alt: string, state: string | null) {
  if (alt === '') return { 'aria-hidden': true } as const;
  return { role: 'img', 'aria-label': state === null ? alt : `${alt}, ${state}` } as const;
}
