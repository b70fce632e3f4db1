import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCamera } from '@tabler/icons-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Notice } from '../../components/Notice.tsx';
import styles from '../query.module.css';
import { closeCamera, openCamera, takePicture } from './camera.ts';

interface CameraViewProps {
  readonly onPicture: (picture: File) => void;
  readonly onCancel: () => void;
}

/** The camera; after a refusal, as often as the user tries again. */
export function CameraView(props: CameraViewProps) {
  const [attempt, setAttempt] = useState(0);
  return <Attempt key={attempt} {...props} onAgain={() => setAttempt(attempt + 1)} />;
}

/** Asks for the camera when it appears, shows what it sees, and gives it back when it disappears. */
function Attempt({ onPicture, onCancel, onAgain }: CameraViewProps & { readonly onAgain: () => void }) {
  const [state, setState] = useState<'asking' | 'seeing'>('asking');
  const [refusal, setRefusal] = useState<string | null>(null);
  const video = useRef<HTMLVideoElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const shutter = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    let stream: MediaStream | null = null;
    let gone = false;
    openCamera().then(
      (opened) => {
        if (gone) return closeCamera(opened);
        stream = opened;
        if (video.current) video.current.srcObject = opened;
        // Unplugged, or taken away in the browser's bar.
        for (const track of opened.getTracks()) {
          track.addEventListener('ended', () => setRefusal('The camera stopped. Try again, or pick an image.'));
        }
      },
      (error: unknown) => {
        if (!gone) setRefusal(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      gone = true;
      if (stream) closeCamera(stream);
    };
  }, []);

  // The button that was pressed is gone: the focus goes on here, with the button that it goes to.
  useLayoutEffect(() => cancel.current?.focus(), []);
  useLayoutEffect(() => {
    if (state === 'seeing') shutter.current?.focus();
  }, [state]);

  const take = async (): Promise<void> => {
    if (video.current === null) return;
    try {
      onPicture(await takePicture(video.current));
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    }
  };

  return (
    <fieldset
      aria-label="Camera"
      className={styles.camera}
      data-keeps-escape=""
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onCancel();
      }}
    >
      {refusal === null ? (
        <div className={styles.cameraPicture}>
          <video
            ref={video}
            autoPlay
            muted
            playsInline
            aria-label="What the camera sees"
            className={styles.video}
            onLoadedData={() => setState('seeing')}
          />
          <span role="status" className={styles.cameraWords}>
            {state === 'asking' ? 'Waiting for the camera; the browser may ask whether this page may use it.' : ''}
          </span>
        </div>
      ) : (
        <Notice
          tone="wrong"
          role="alert"
          icon={<IconAlertTriangle size={20} aria-hidden="true" />}
          action={
            <Button size="xs" variant="default" onClick={onAgain}>
              Try again
            </Button>
          }
        >
          {refusal}
        </Notice>
      )}
      <div className={styles.cameraButtons}>
        {state === 'seeing' && refusal === null ? (
          <Button
            ref={shutter}
            size="xs"
            leftSection={<IconCamera size={16} aria-hidden="true" />}
            onClick={() => void take()}
          >
            Take picture
          </Button>
        ) : null}
        <Button ref={cancel} size="xs" variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <p className={styles.cameraPrivacy}>The picture stays in this tab.</p>
    </fieldset>
  );
}
