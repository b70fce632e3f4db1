/** How the screens read stores: the one file of ui/ that knows zustand. Stores are made in app/ and jobs/. */
export { useStore } from 'zustand';
export { useShallow } from 'zustand/react/shallow';
