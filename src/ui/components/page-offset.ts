import { type RefObject, useCallback, useEffect, useState } from 'react';

/**
 * How far from the top of the page a list begins that mounts only the rows in sight, and the function that measures it.
 * What stands above may grow without the list being drawn: it is measured again whenever the page's height changes.
 */
export function usePageOffset(list: RefObject<HTMLElement | null>): [offset: number, measure: () => void] {
  const [offset, setOffset] = useState(0);
  const measure = useCallback(() => {
    const top = list.current === null ? 0 : list.current.getBoundingClientRect().top + window.scrollY;
    setOffset((known) => (Math.abs(known - top) > 1 ? top : known));
  }, [list]);
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [measure]);
  return [offset, measure];
}
