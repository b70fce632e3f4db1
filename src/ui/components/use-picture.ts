import { useEffect, useState } from 'react';
import { useActions } from '../workspace.tsx';

/** `loading` until known, null where there is no picture. */
export type Picture = string | 'loading' | null;

/** The object URL of an image while the component shows it; of one of which nothing is in this browser, the address that is given. */
export function usePicture(hash: string | null, kind: 'thumbnail' | 'original', address?: string): Picture {
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
