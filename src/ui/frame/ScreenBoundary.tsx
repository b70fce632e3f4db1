import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { toAppError } from '../../errors.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { formatSentence } from '../format.ts';

interface ScreenBoundaryState {
  readonly message: string | null;
}

/** A screen that cannot be drawn takes neither the frame nor the running work with it. */
export class ScreenBoundary extends Component<{ readonly children: ReactNode }, ScreenBoundaryState> {
  override readonly state: ScreenBoundaryState = { message: null };

  static getDerivedStateFromError(error: unknown): ScreenBoundaryState {
    return { message: toAppError(error).message };
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children;
    return (
      <EmptyState
        icon={<IconAlertTriangle size={32} aria-hidden="true" />}
        title="This screen could not be shown"
        action={<Button onClick={() => location.reload()}>Reload</Button>}
      >
        {formatSentence(this.state.message)} What is stored is kept; reload the page to go on.
      </EmptyState>
    );
  }
}
