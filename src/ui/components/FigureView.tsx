import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import type { Figure } from '../../figures/figure.ts';
import { useActions } from '../workspace.tsx';
import { FigureDrawing, FigureLegend } from './FigureDrawing.tsx';
import { FigureTableView } from './FigureTableView.tsx';
import styles from './FigureView.module.css';

interface FigureViewProps {
  readonly figure: Figure;
  /** Controls of this figure, beside the menu. */
  readonly tools?: ReactNode;
  /** In place of the drawing, what says the same and can be worked with. */
  readonly drawn?: ReactNode;
  /** What a user should know when reading it. */
  readonly children?: ReactNode;
}

const formats = [
  { format: 'svg', label: 'Drawing, SVG' },
  { format: 'png', label: 'Picture, PNG' },
  { format: 'csv', label: 'Table, CSV' },
] as const;

/** A figure with its title, legend, the table behind it, and a menu to save it. */
export function FigureView({ figure, tools, drawn, children }: FigureViewProps) {
  const { saveFigure } = useActions();
  const heading = useId();
  const [open, setOpen] = useState(false);
  return (
    <section className={styles.figure} aria-labelledby={heading}>
      <div className={styles.head}>
        <h2 id={heading} className={styles.title}>
          {figure.title}
        </h2>
        <div className={styles.tools}>
          {tools}
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<IconDownload size={14} aria-hidden="true" />}
                aria-label={`Save the figure ${figure.title}`}
              >
                Save
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {formats.map(({ format, label }) => (
                <Menu.Item key={format} onClick={() => void saveFigure(figure, format)}>
                  {label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </div>
      </div>
      <FigureLegend legend={figure.legend} />
      {drawn ?? <FigureDrawing figure={figure} />}
      {children}
      <details className={styles.details} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Table</summary>
        {open ? <FigureTableView title={figure.title} table={figure.table} /> : null}
      </details>
    </section>
  );
}
