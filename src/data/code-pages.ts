/** The upper halves of DOS code pages, which no browser decodes, from 0x80 on: what Windows writes in archives to this day. */
const DOS = {
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\xa0',
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\xad±‗¾¶§÷¸°¨·¹³²■\xa0',
  cp852:
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\xad˝˛ˇ˘§÷¸°¨˙űŘř■\xa0',
  cp857:
    'ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞşáíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ\ufffdÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµ\ufffd×ÚÛÙìÿ¯´\xad±\ufffd¾¶§÷¸°¨·¹³²■\xa0',
  cp737:
    'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀ωάέήϊίόύϋώΆΈΉΊΌΎΏ±≥≤ΪΫ÷≈°∙·√ⁿ²■\xa0',
  cp862:
    'אבגדהוזחטיךכלםמןנסעףפץצקרשת¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\xa0',
  cp720:
    '\u0080\u0081éâ\u0084à\u0086çêëèïî\u008d\u008e\u008f\u0090\u0651\u0652ô¤ـûùءآأؤ£إئابةتثجحخدذرزسشص«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀ضطظعغفµقكلمنهوىي≡\u064b\u064c\u064d\u064e\u064f\u0650≈°∙·√ⁿ²■\xa0',
} as const;

/** Signs of Windows-1252 from 0x80 to 0x9f; the rest is Latin 1. By hand, since Node 20 takes it for Latin 1 altogether. */
const WINDOWS_SIGNS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

export type DosPage = keyof typeof DOS;
export type SingleByte =
  | DosPage
  | 'windows-1252'
  | 'windows-1250'
  | 'windows-1251'
  | 'ibm866'
  | 'koi8-r'
  | 'windows-1253'
  | 'windows-1254'
  | 'windows-1255'
  | 'windows-1256'
  | 'windows-874';

/** Bytes of an encoding in which each is a letter or a sign; U+FFFD where it has none. */
export function decodeSingleByte(bytes: Uint8Array, encoding: SingleByte): string {
  if (encoding === 'windows-1252') {
    const latin = new TextDecoder('latin1').decode(bytes);
    return latin.replace(/[\x80-\x9f]/g, (letter) => WINDOWS_SIGNS.charAt(letter.charCodeAt(0) - 0x80));
  }
  if (!isDos(encoding)) return new TextDecoder(encoding).decode(bytes);
  const upper = DOS[encoding];
  return Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, at) =>
    String.fromCharCode(...bytes.subarray(at * CHUNK, (at + 1) * CHUNK)).replace(/[\x80-\xff]/g, (letter) =>
      upper.charAt(letter.charCodeAt(0) - 0x80),
    ),
  ).join('');
}

/** Bytes that a call takes as its arguments. */
const CHUNK = 8192;

function isDos(encoding: SingleByte): encoding is DosPage {
  return encoding in DOS;
}

/** What a text in an encoding of one byte a letter looks like. */
interface Candidate {
  readonly encoding: SingleByte;
  /** What every word with a foreign letter is, whole. */
  readonly word: RegExp;
  /** How frequent a foreign letter is in its languages, between 0 and 1. */
  readonly frequent: (letter: string) => number;
  /** Smallest mean of that over the foreign letters. */
  readonly least: number;
}

/** One case, or a capital at the beginning: read in another encoding, a word mixes capitals and small letters. */
const CASED = /^(?:\p{Lu}?\p{Ll}+|\p{Lu}+)$/u;
/** The same of Greek, where a word has one accent, and no trema at its beginning. */
const CASED_GREEK = /^(?![ϊϋ])(?!.*[άέήίόύώ].*[άέήίόύώ])(?:\p{Lu}?\p{Ll}+|\p{Lu}+)$/u;
const UNCASED = /^\p{Lo}[\p{Lo}\p{M}]*$/u;
/** Vowels that stand before a consonant, the consonants, and what stands above, below or behind them. */
const THAI = /^(?:[เแโใไ]?[ก-ฮ][ะาำิีึืุู็่้๊๋์ัๆ]*)+$/u;

/** By how frequent a letter is: the alphabets, the most frequent letters first. */
const byRank = (alphabet: string) => {
  const ranks = new Map([...alphabet].map((letter, rank) => [letter, 0.92 ** rank]));
  return (letter: string) => ranks.get(letter.normalize('NFD').charAt(0).toLowerCase()) ?? ranks.get(letter) ?? 0;
};
/** Letters that mark languages of one part of Europe: as good as each other. */
const among = (letters: string) => (letter: string) => (letters.includes(letter) ? 1 : 0);

const CYRILLIC = byRank('оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё');
const GREEK = byRank('αοιετσνηυρπκμλωςδγχθφβξζψ');
const HEBREW = byRank('יוהלאמתרבשנעדקחםפגטכזסצןךףץ');
const ARABIC = byRank('اليمنوترةبعدفهسكقحجشطصخأإضذثزغئظىءؤآ');
const WESTERN = among('éèêëàâäáãçñóôöõøúûüíîßæåÉÄÖÜÅØÁÇÑ');
const CENTRAL = among('ąćęłńśźżóáčďéěíňřšťúůýžőűöüäôăâîșțşţđĄĆĘŁŃŚŹŻČŘŠŽÁÉÍÓÚ');
const TURKISH = among('çğıöşüİŞÖÜÇâî');

/** The likelier first: of several that are as good, it counts. */
const OTHER_SCRIPTS: readonly Candidate[] = [
  { encoding: 'ibm866', word: CASED, frequent: CYRILLIC, least: 0.3 },
  { encoding: 'windows-1251', word: CASED, frequent: CYRILLIC, least: 0.3 },
  { encoding: 'koi8-r', word: CASED, frequent: CYRILLIC, least: 0.3 },
  { encoding: 'cp737', word: CASED_GREEK, frequent: GREEK, least: 0.3 },
  { encoding: 'windows-1253', word: CASED_GREEK, frequent: GREEK, least: 0.3 },
  { encoding: 'cp862', word: UNCASED, frequent: HEBREW, least: 0.3 },
  { encoding: 'windows-1255', word: UNCASED, frequent: HEBREW, least: 0.3 },
  { encoding: 'cp720', word: UNCASED, frequent: ARABIC, least: 0.3 },
  { encoding: 'windows-1256', word: UNCASED, frequent: ARABIC, least: 0.3 },
];
const LATIN: readonly Candidate[] = [
  { encoding: 'cp437', word: CASED, frequent: WESTERN, least: 0.5 },
  { encoding: 'cp850', word: CASED, frequent: WESTERN, least: 0.5 },
  { encoding: 'cp852', word: CASED, frequent: CENTRAL, least: 0.5 },
  { encoding: 'cp857', word: CASED, frequent: TURKISH, least: 0.5 },
  { encoding: 'windows-1252', word: CASED, frequent: WESTERN, least: 0.5 },
  { encoding: 'windows-1250', word: CASED, frequent: CENTRAL, least: 0.5 },
  { encoding: 'windows-1254', word: CASED, frequent: TURKISH, least: 0.5 },
];
/** Vowels and tones: of consonants alone are few words. */
const thaiMark = (letter: string) => (/[\u0e30-\u0e4e]/u.test(letter) ? 1 : 0);
const THAI_ALONE: readonly Candidate[] = [{ encoding: 'windows-874', word: THAI, frequent: thaiMark, least: 0.15 }];

const SCRIPTS: readonly (readonly [RegExp, readonly SingleByte[]])[] = [
  [/\p{Script=Cyrillic}/u, ['ibm866', 'windows-1251', 'koi8-r']],
  [/\p{Script=Greek}/u, ['cp737', 'windows-1253']],
  [/\p{Script=Hebrew}/u, ['cp862', 'windows-1255']],
  [/\p{Script=Arabic}/u, ['cp720', 'windows-1256']],
  [/\p{Script=Thai}/u, ['windows-874']],
];

/** Letters a text, and in all: shorter texts may be of any encoding. */
const THAI_LETTERS = [3, 6] as const;

/** Texts of which each holds foreign letters, as Thai: its letters follow each other as no other text's do. */
export function isThai(texts: readonly Uint8Array[]): boolean {
  const letters = texts.reduce((sum, text) => sum + text.filter((byte) => byte > 0x7f).length, 0);
  const [each, all] = THAI_LETTERS;
  return letters >= Math.max(all, each * texts.length) && best(texts, THAI_ALONE) !== null;
}

/** The encoding in which such texts are words of another script, where each of them makes sense in it. */
export function bestOfOtherScripts(texts: readonly Uint8Array[]): SingleByte | null {
  return best(texts, OTHER_SCRIPTS);
}

/**
 * The encoding in which such texts are words of Latin letters. Only those of `kind`: DOS code pages, which Windows
 * writes in archives, or those of its texts.
 */
export function bestLatin(texts: readonly Uint8Array[], kind: 'dos' | 'windows' | 'any'): SingleByte | null {
  return best(
    texts,
    LATIN.filter(({ encoding }) => kind === 'any' || encoding.startsWith(kind === 'dos' ? 'cp' : 'windows')),
  );
}

function best(texts: readonly Uint8Array[], candidates: readonly Candidate[]): SingleByte | null {
  let found: { encoding: SingleByte; share: number } | null = null;
  for (const candidate of candidates) {
    const share = shareOfFrequent(texts, candidate);
    if (share !== null && share >= candidate.least && share > (found?.share ?? 0)) {
      found = { encoding: candidate.encoding, share };
    }
  }
  return found?.encoding ?? null;
}

/** How frequent the foreign letters are on the whole; null where some word is none of such a language. */
function shareOfFrequent(texts: readonly Uint8Array[], { encoding, word, frequent }: Candidate): number | null {
  const [script] = SCRIPTS.find(([, encodings]) => encodings.includes(encoding)) ?? [/\p{Script=Latin}/u];
  const isLatin = script.source.includes('Latin');
  let letters = 0;
  let frequentLetters = 0;
  for (const text of texts) {
    for (const [part] of decodeSingleByte(text, encoding).matchAll(/[^\0-\x40\x5b-\x60\x7b-\x7f]+/gu)) {
      const foreign = [...part].filter((letter) => letter > '\x7f' && !SIGNS.has(letter));
      if (foreign.length === 0) continue;
      // A word of letters of two scripts, or of accented letters alone, is none.
      if (!foreign.every((letter) => script.test(letter) || /\p{M}/u.test(letter))) return null;
      if (!isLatin && /[A-Za-z]/.test(part)) return null;
      for (const one of part.split(SEPARATORS)) if (one !== '' && !word.test(one.slice(0, LONGEST_WORD))) return null;
      if (isLatin && foreign.length > 2 && foreign.length === [...part].length) return null;
      letters += foreign.length;
      // One encoding’s small letters are another one’s capitals.
      const weight = !isLatin && foreign.length > 1 && /^\p{Lu}+$/u.test(part) ? CAPITALS : 1;
      for (const letter of foreign) frequentLetters += weight * frequent(letter);
    }
  }
  return letters === 0 ? null : frequentLetters / letters;
}

/** Longer ones are none, and are not looked through. */
const LONGEST_WORD = 200;
/** Words of capitals alone are rare. */
const CAPITALS = 0.7;

/** Signs that stand in names of any language. */
const SIGNS = new Set('«»–—’‘“”„…№·');
const SEPARATORS = /[\s«»–—’‘“”„…№·]+/u;
