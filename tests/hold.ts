import type { GalleryRoom, HeldGallery } from '../src/search/held-gallery.ts';

/** Fills the room with a gallery that is there in one piece. */
export function hold(room: GalleryRoom, embeddings: Float32Array): HeldGallery {
  room.write(embeddings, 0);
  return room.held();
}
