interface Choice {
  /** As the `accept` attribute. */
  readonly accept?: string;
  readonly multiple?: boolean;
  readonly directory?: boolean;
}

/** Opens the browser's file dialog; an empty list where the user closes it. Needs a click to have happened just now. */
export function pickFiles({ accept = '', multiple = false, directory = false }: Choice): Promise<File[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.multiple = multiple;
  input.webkitdirectory = directory;
  input.hidden = true;
  // In the document, since a detached input may be collected before the dialog closes.
  document.body.append(input);
  return new Promise((resolve) => {
    const finish = (): void => {
      resolve([...(input.files ?? [])]);
      input.remove();
    };
    input.addEventListener('change', finish);
    input.addEventListener('cancel', finish);
    input.click();
  });
}
