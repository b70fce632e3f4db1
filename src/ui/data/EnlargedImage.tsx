import type { ImageRecord } from '../../types.ts';
import { Enlarged } from '../components/Enlarged.tsx';
import type { EnlargedDecisions } from './image-decisions.tsx';

interface EnlargedImageProps {
  /** The images that arrow keys go through, in their order. */
  readonly images: readonly ImageRecord[];
  /** Path of the one that is shown; null where none is. */
  readonly path: string | null;
  readonly onMove: (path: string | null) => void;
  readonly decisions: EnlargedDecisions;
  /** The model to search with; null for the best. */
  readonly runId?: string | null;
  /** Searches where it is shown, in place of going to the search screen. */
  readonly onSearch?: (hash: string) => void;
}

/** An image of the data set, large, with all that can be done with it. */
export function EnlargedImage({ images, path, onMove, decisions, runId = null, onSearch }: EnlargedImageProps) {
  const at = path === null ? -1 : images.findIndex((image) => image.path === path);
  return (
    <Enlarged
      what="Image"
      at={at < 0 ? null : at}
      count={images.length}
      imageAt={(i) => images[i] ?? null}
      onMove={(i) => {
        decisions.close();
        onMove(images[i]?.path ?? null);
      }}
      onClose={() => {
        decisions.close();
        onMove(null);
      }}
      actionsOn={(_, i) => {
        const image = images[i];
        // What is left out leaves the list: the next one takes its place.
        const onMoved = () => onMove((images[i + 1] ?? images[i - 1])?.path ?? null);
        return image ? decisions.actionsOn(image, { runId, onMoved, ...(onSearch ? { onSearch } : {}) }) : [];
      }}
    >
      {decisions.panel(path)}
    </Enlarged>
  );
}
