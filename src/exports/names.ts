/** Longest name of a zip entry's part: file systems take 255 bytes, and folders and endings are added. */
const LONGEST = 120;
/** Names that Windows gives to devices, with any ending. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A name that every file system takes and no program takes for a path: letters, digits, `.`, `_`, `+` and `-`. */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._+-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .slice(0, LONGEST)
    .replace(/^[.-]+|[.-]+$/g, '');
  if (plain === '') return 'unnamed';
  return DEVICES.test(plain) ? `_${plain}` : plain;
}

/** Safe names for all, in order: a name that was given already (capitals or not) gets a number, `resnet50.frozen-2`. */
export function safeNames(names: readonly string[]): string[] {
  const given = new Set<string>();
  return names.map((name) => {
    const plain = safeName(name);
    let free = plain;
    for (let number = 2; given.has(free.toLowerCase()); number++) free = `${plain}-${number}`;
    given.add(free.toLowerCase());
    return free;
  });
}
