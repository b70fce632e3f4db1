import { Button } from '@mantine/core';
import { IconCamera, IconPhotoSearch, IconUpload } from '@tabler/icons-react';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { Actions } from '../../app/actions.ts';
import image from '../components/image.module.css';
import { ImageKeys } from '../components/image-actions.tsx';
import { pickFiles } from '../components/pick-files.ts';
import { useStore } from '../use-store.ts';
import { useActions, useWorkspace } from '../workspace.tsx';
import { CameraView } from './camera/CameraView.tsx';
import { carriedImage, carriesImage } from './dragged-image.ts';
import { QueryShown } from './QueryShown.tsx';
import styles from './query.module.css';

async function pickQuery(searchFile: Actions['searchFile']): Promise<void> {
  const [file] = await pickFiles({ accept: 'image/*' });
  if (file !== undefined) await searchFile(file);
}

/** What is searched with, large, and the ways to another query: pictures from outside, the camera, a result dragged here. */
export function QueryPanel() {
  const { searchFile, searchHash } = useActions();
  const query = useStore(useWorkspace().search, (state) => state.query);
  const [camera, setCamera] = useState(false);
  const [over, setOver] = useState(false);
  const cameraButton = useRef<HTMLButtonElement>(null);

  const wasOpen = useRef(false);
  useEffect(() => {
    // The buttons of the camera are gone: the focus goes back to where it came from.
    if (wasOpen.current && !camera) cameraButton.current?.focus();
    wasOpen.current = camera;
  }, [camera]);

  const closeCamera = (): void => setCamera(false);
  const dragOver = (event: DragEvent): void => {
    if (!carriesImage(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    setOver(true);
  };
  const dragLeave = ({ currentTarget, relatedTarget }: DragEvent): void => {
    if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false);
  };
  const drop = (event: DragEvent): void => {
    setOver(false);
    const hash = carriedImage(event.dataTransfer);
    if (hash === null) return;
    event.preventDefault();
    void searchHash(hash);
  };

  return (
    <section
      className={styles.panel}
      aria-labelledby="query-heading"
      onDragEnter={dragOver}
      onDragOver={dragOver}
      onDragLeave={dragLeave}
      onDrop={drop}
    >
      <h2 id="query-heading" className={styles.heading}>
        Query
      </h2>
      {camera ? (
        <CameraView
          onPicture={(picture) => {
            closeCamera();
            void searchFile(picture);
          }}
          onCancel={closeCamera}
        />
      ) : (
        <>
          {query === null ? <NoQuery /> : <QueryShown key={query.hash} query={query} />}
          <div className={styles.ways}>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconUpload size={16} aria-hidden="true" />}
              onClick={() => void pickQuery(searchFile)}
            >
              {query === null ? 'Pick an image' : 'Pick another image'}
            </Button>
            <Button
              ref={cameraButton}
              variant="default"
              size="xs"
              leftSection={<IconCamera size={16} aria-hidden="true" />}
              onClick={() => setCamera(true)}
            >
              Use the camera
            </Button>
          </div>
        </>
      )}
      <p className={image.keys}>
        Or drop one, paste one, or drag a neighbour here. <kbd>Esc</kbd> goes back. <ImageKeys move="arrows" />
      </p>
      {over ? (
        <div className={styles.over} role="status">
          Drop to search with this image
        </div>
      ) : null}
    </section>
  );
}

function NoQuery() {
  return (
    <div className={styles.none}>
      <IconPhotoSearch size={32} stroke={1.3} aria-hidden="true" />
      <span>Drop an image here, or choose one of this data set</span>
    </div>
  );
}
