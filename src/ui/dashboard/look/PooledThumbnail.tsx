import { IconPhotoOff } from '@tabler/icons-react';
import { useCallback, useSyncExternalStore } from 'react';
import { useActions } from '../../workspace.tsx';
import styles from './Look.module.css';
import { holdThumbnail, pooledThumbnail } from './thumbnail-pool.ts';

/** Fills its parent, without words of its own; at once where another row shows the same image. */
export function PooledThumbnail({ hash }: { readonly hash: string }) {
  const actions = useActions();
  const subscribe = useCallback((listener: () => void) => holdThumbnail(actions, hash, listener), [actions, hash]);
  const url = useSyncExternalStore(subscribe, () => pooledThumbnail(hash));
  if (url === 'loading') return null;
  if (url === null) return <IconPhotoOff className={styles.missing} size={20} aria-hidden="true" />;
  return <img className={styles.image} src={url} alt="" decoding="async" draggable={false} />;
}
