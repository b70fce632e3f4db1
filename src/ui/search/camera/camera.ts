/** More than any network looks at, and what every camera gives quickly. */
const WANTED = { width: { ideal: 1920 }, height: { ideal: 1080 } };

/** Hard to tell from the lossless picture. */
const QUALITY = 0.95;

/** Asks for the camera, on phones the one at the back. Throws an Error whose message is for the user. */
export async function openCamera(): Promise<MediaStream> {
  // Missing where the page is not secure, whatever the types say.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined) throw new Error(NO_CAMERA_HERE);
  try {
    return await devices.getUserMedia({ audio: false, video: { facingMode: { ideal: 'environment' }, ...WANTED } });
  } catch (error) {
    throw new Error(cameraRefusal(error), { cause: error });
  }
}

/** Its light goes out. */
export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** What the video shows now, as a file. Throws an Error whose message is for the user. */
export async function takePicture(video: HTMLVideoElement): Promise<File> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  if (blob === null) throw new Error('The camera has given no picture yet. Wait until you see one and try again.');
  return new File([blob], pictureName(new Date()), { type: blob.type });
}

/** Why there is no camera picture, as a sentence that says what to do. */
export function cameraRefusal(error: unknown): string {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'The camera was not allowed. Allow it in the browser’s settings for this page and try again, or pick an image.';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'No camera was found. Connect one and try again, or pick an image.';
    case 'NotReadableError':
    case 'AbortError':
      return 'The camera did not start; another program may be using it. Close that one and try again, or pick an image.';
    default:
      return 'The camera did not start. Try again, or pick an image.';
  }
}

/** Browsers hide the camera from pages whose way here can be listened to. */
const NO_CAMERA_HERE =
  'This browser gives pages a camera only over https or on this machine itself. Open the page by https, or pick an image.';

/** A name that tells several pictures apart: "Camera 2024-05-03 14.07.31.jpg". */
export function pictureName(now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  return `Camera ${day} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('.')}.jpg`;
}
