import { Button, Checkbox, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { Name } from '../../components/Name.tsx';
import { formatAmount, formatCount } from '../../format.ts';
import { type MapClass, MOST_COLOURED, type Slots } from './class-colours.ts';
import styles from './map.module.css';

const ROW = 32;

interface ClassListProps {
  /** What the groups are. */
  readonly of: 'classes' | 'clusters';
  readonly classes: readonly MapClass[];
  readonly slots: Slots;
  /** By slot. */
  readonly colours: readonly string[];
  readonly onToggle: (className: string) => void;
  /** Selects all shown points of the class. */
  readonly onSelect: (className: string | null) => void;
  /** The class whose row the pointer or the focus is on; undefined for none. */
  readonly onEmphasise: (className: string | null | undefined) => void;
  /** Names a cluster: its images get a class. */
  readonly onName: (cluster: string) => void;
}

/** The legend: which classes have a colour, ten at a time, and a way to all points of a class without a pointer. */
export function ClassList({ of, classes, slots, colours, onToggle, onSelect, onEmphasise, onName }: ClassListProps) {
  const title = of === 'classes' ? 'Classes' : 'Clusters';
  const [text, setText] = useState('');
  const box = useRef<HTMLUListElement>(null);
  const found = useMemo(() => {
    const wanted = text.trim().toLocaleLowerCase();
    return classes.filter(({ className }) => (className ?? 'class unknown').toLocaleLowerCase().includes(wanted));
  }, [classes, text]);
  const virtualizer = useVirtualizer({
    count: found.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  const full = !slots.includes(null);

  return (
    <section className={styles.part} aria-labelledby="map-classes">
      <div className={styles.head}>
        <h2 id="map-classes">{title}</h2>
        <span className={styles.classNote}>
          {formatCount(slots.filter((name) => name !== null).length)} of at most {MOST_COLOURED} coloured
        </span>
      </div>
      <TextInput
        size="xs"
        aria-label={of === 'classes' ? 'Find a class' : 'Find a cluster'}
        placeholder={of === 'classes' ? 'Find a class' : 'Find a cluster'}
        leftSection={<IconSearch size={14} aria-hidden="true" />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ul ref={box} className={styles.classList} aria-label={`${title} on the map`}>
        <li aria-hidden="true" style={{ height: virtualizer.getTotalSize() }} />
        {virtualizer.getVirtualItems().map((item) => {
          const entry = found[item.index];
          if (!entry) return null;
          const { className, points } = entry;
          const slot = className === null ? -1 : slots.indexOf(className);
          const name = className ?? 'Class unknown';
          return (
            <li
              key={className ?? ''}
              className={styles.row}
              style={{ transform: `translateY(${item.start}px)`, height: ROW }}
              onPointerEnter={() => onEmphasise(className)}
              onPointerLeave={() => onEmphasise(undefined)}
              onFocus={() => onEmphasise(className)}
              onBlur={() => onEmphasise(undefined)}
            >
              <Checkbox
                size="xs"
                className={styles.tick}
                checked={slot >= 0}
                disabled={className === null || (full && slot < 0)}
                onChange={() => className !== null && onToggle(className)}
                label={
                  <span className={styles.label}>
                    <span
                      className={styles.swatch}
                      style={{ background: slot < 0 ? 'var(--hairline)' : colours[slot] }}
                      aria-hidden="true"
                    />
                    <Name>{name}</Name>
                  </span>
                }
              />
              <span className={styles.classNote}>{formatCount(points)}</span>
              {of === 'clusters' && className !== null ? (
                <Button
                  size="compact-xs"
                  variant="transparent"
                  aria-label={`Name ${name}`}
                  title="Gives its images a class"
                  onClick={() => onName(className)}
                >
                  Name
                </Button>
              ) : null}
              <Button
                size="compact-xs"
                variant="transparent"
                aria-label={`Select ${formatAmount(points, 'image')} of ${name}`}
                onClick={() => onSelect(className)}
              >
                Select
              </Button>
            </li>
          );
        })}
      </ul>
      {full && classes.length > MOST_COLOURED ? (
        <p className={styles.classNote}>More colours would look alike: untick a class to colour another.</p>
      ) : null}
    </section>
  );
}
