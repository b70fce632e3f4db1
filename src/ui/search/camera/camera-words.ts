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
export const NO_CAMERA_HERE =
  'This browser gives pages a camera only over https or on this machine itself. Open the page by https, or pick an image.';

/** A name that tells several pictures apart: "Camera 2024-05-03 14.07.31.jpg". */
export function pictureName(now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  return `Camera ${day} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('.')}.jpg`;
}
