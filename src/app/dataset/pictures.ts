import { getQuery, getThumbnail } from '../../storage/pictures.ts';
import type { ImageRecord } from '../../types.ts';
import { database } from '../context.ts';
import type { Workspace } from '../workspace.ts';
import { openFile } from './session.ts';

/** Object URL of a stored thumbnail, null where there is none. Release it with releaseUrl. */
export async function thumbnailUrl(hash: string): Promise<string | null> {
  const thumbnail = await getThumbnail(database, hash).catch(() => null);
  return thumbnail ? URL.createObjectURL(thumbnail.blob) : null;
}

/** Object URL of the original where it can be read, else of the thumbnail, else null. */
export async function pictureUrl(workspace: Workspace, hash: string): Promise<string | null> {
  const original =
    (await originalOf(workspace, hash).catch(() => null)) ?? (await getQuery(database, hash).catch(() => null))?.blob;
  return original ? URL.createObjectURL(original) : thumbnailUrl(hash);
}

/** Every image that is shown anywhere, those that take no part among them. */
function allImages(workspace: Workspace): readonly ImageRecord[] {
  const { images, unclassed, excluded } = workspace.dataset.getState();
  return [...images, ...unclassed, ...excluded];
}

async function originalOf(workspace: Workspace, hash: string): Promise<Blob | null> {
  const image = allImages(workspace).find((candidate) => candidate.hash === hash);
  return image ? openFile(workspace, image.path) : null;
}

export function releaseUrl(url: string): void {
  URL.revokeObjectURL(url);
}
