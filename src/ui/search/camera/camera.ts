import { cameraRefusal, NO_CAMERA_HERE, pictureName } from './camera-words.ts';

/** More than any network looks at, and what every camera gives quickly. */
const WANTED = { width: { ideal: 1920 }, height: { ideal: 1080 } };

/** Hardly to be told from the lossless picture. */
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
