/**
 * The letters of an archive's names. By its specification they are UTF-8 where a flag says so, else code page 437; but
 * programs of all countries write what their system speaks. A reader can only ask what all the names of an archive are
 * strictly valid in, and, of several such encodings, in which they are made of letters that people use.
 */
export type NameEncoding = 'utf-8' | 'shift_jis' | 'gbk' | 'euc-kr' | 'cp437';

/** For people. */
export const ENCODING_NAMES: Readonly<Record<NameEncoding, string>> = {
  'utf-8': 'UTF-8',
  shift_jis: 'Shift-JIS (Japanese)',
  gbk: 'GBK (Chinese)',
  'euc-kr': 'EUC-KR (Korean)',
  cp437: 'code page 437',
};

/** A Unicode name to be had of each raw one, or null where the encoding does not allow its bytes. */
export function decodeName(raw: Uint8Array, encoding: Exclude<NameEncoding, 'cp437'>): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    return null;
  }
}

/** What an archive's names without the UTF-8 flag are written in. */
export function guessEncoding(names: readonly Uint8Array[]): NameEncoding {
  const foreign = distinct(names.filter((name) => name.some((byte) => byte > 0x7f)));
  if (foreign.every((name) => decodeName(name, 'utf-8') !== null)) return 'utf-8';
  if (areLatin(foreign)) return 'cp437';
  return bestEastAsian(foreign)?.encoding ?? 'cp437';
}

/** So much of a text in an East Asian encoding are the letters that all its texts are made of. */
const USUAL_SHARE = 0.7;

/** The East Asian encoding that lines of text (not UTF-8) are written in, where they make sense in one. */
export function guessEastAsian(lines: readonly Uint8Array[]): { encoding: NameEncoding; name: string } | null {
  const best = bestEastAsian(distinct(lines));
  return best && best.share >= USUAL_SHARE ? { encoding: best.encoding, name: ENCODING_NAMES[best.encoding] } : null;
}

function bestEastAsian(names: readonly Uint8Array[]): { encoding: EastAsian; share: number } | null {
  const valid = EAST_ASIAN.filter((encoding) => names.every((name) => decodeName(name, encoding) !== null));
  const usual = valid.map((encoding) => ({ encoding, share: shareOfUsual(names, encoding) }));
  const [best, second] = usual.sort((a, b) => b.share - a.share);
  // Every text in EUC-KR is one in GBK, and short ones the other way round: then the letters' frequency tells.
  const undecided = best?.encoding === 'gbk' && second?.encoding === 'euc-kr' && best.share === second.share;
  return (undecided && isRatherKorean(names) ? second : best) ?? null;
}

const EAST_ASIAN = ['shift_jis', 'gbk', 'euc-kr'] as const;
type EastAsian = (typeof EAST_ASIAN)[number];

/** One of each: a folder's name stands before each of its files. */
function distinct(names: readonly Uint8Array[]): Uint8Array[] {
  const parts = new Map<string, Uint8Array>();
  for (const name of names) {
    let start = 0;
    // A slash is never part of a letter in these encodings (a backslash is, in Shift-JIS and GBK).
    for (let at = 0; at <= name.length; at++) {
      if (at < name.length && name[at] !== SLASH) continue;
      const part = name.subarray(start, at);
      if (part.some((byte) => byte > 0x7f)) parts.set(String.fromCharCode(...part.subarray(0, 1024)), part);
      start = at + 1;
      if (parts.size >= MOST_PARTS) return [...parts.values()];
    }
  }
  return [...parts.values()];
}

const SLASH = 0x2f;
/** More names say nothing new of an encoding. */
const MOST_PARTS = 5000;

/** Accented letters of code page 437: ü é â … Ñ, and ß. The other characters above 127 are signs and lines. */
const isLatinLetter = (byte: number) => (byte <= 0xa5 && (byte < 0x9b || byte > 0x9e)) || byte === 0xe1;
const isAsciiLetter = (byte: number) => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);

/** Words of ASCII letters with single accented ones between them, as western languages write. */
function areLatin(names: readonly Uint8Array[]): boolean {
  let words = 0;
  for (const name of names) {
    for (const word of wordsOf(name)) {
      const high = word.flatMap((byte, at) => (byte > 0x7f ? [at] : []));
      if (high.length === 0) continue;
      if (high.some((at, n) => !isLatinLetter(word[at] ?? 0) || high[n + 1] === at + 1)) return false;
      // The letter behind a high byte may be the other half of one in another encoding.
      if (word.some((byte, at) => byte <= 0x7f && !high.includes(at - 1))) words++;
    }
  }
  return words > 0;
}

function wordsOf(name: Uint8Array): number[][] {
  const words: number[][] = [];
  let word: number[] = [];
  for (const byte of name) {
    if (byte > 0x7f || isAsciiLetter(byte)) word.push(byte);
    else if (word.length > 0) {
      words.push(word);
      word = [];
    }
  }
  return word.length > 0 ? [...words, word] : words;
}

/** Whether a pair of bytes is a letter that nearly all texts are made of: true, false, or null for neither (signs). */
const USUAL: Readonly<Record<EastAsian, (lead: number, trail: number) => boolean | null>> = {
  // Kana; kanji of the first level. 0x81 are signs, half of 0x82 letters of full width.
  shift_jis: (lead, trail) => {
    if (lead === 0x81 || (lead === 0x82 && trail < 0x9f)) return null;
    return lead === 0x82 || lead === 0x83 || (lead >= 0x88 && lead <= 0x97) || (lead === 0x98 && trail <= 0x72);
  },
  // Hanzi of GB 2312's first level.
  gbk: (lead, trail) => (lead === 0xa1 || lead === 0xa3 ? null : lead >= 0xb0 && lead <= 0xd7 && trail >= 0xa1),
  // The 2,350 syllables of KS X 1001.
  'euc-kr': (lead, trail) => (lead === 0xa1 || lead === 0xa3 ? null : lead >= 0xb0 && lead <= 0xc8 && trail >= 0xa1),
};

function shareOfUsual(names: readonly Uint8Array[], encoding: EastAsian): number {
  let usual = 0;
  let all = 0;
  for (const name of names) {
    for (let at = 0; at < name.length; at++) {
      const lead = name[at] ?? 0;
      if (lead <= 0x7f) continue;
      // Katakana of half width, as only old cash registers print them.
      if (encoding === 'shift_jis' && lead >= 0xa1 && lead <= 0xdf) {
        all++;
        continue;
      }
      const kind = USUAL[encoding](lead, name[++at] ?? 0);
      if (kind === null) continue;
      all++;
      if (kind) usual++;
    }
  }
  return all === 0 ? 0 : usual / all;
}

/** Syllables and hanzi that names of folders are often made of, whose bytes are valid in both encodings. */
const FREQUENT_SYLLABLES =
  '이다는의가을를에고하나지로사기자인리도시어대정아해주원수부전일제한라그만서보상장국스동과구성조신용공무비문여안화선소계유관민경모중회우마세생개체방차오연물양산적터노당단음미년행외말금강양돼닭곰꽃나무새집책컵옷신발가방시계의자책상고양이강아지사과바나나포도딸기수박오렌지토끼호랑말원숭코끼리자동비행배훈련학습시험검증질의사진데이터갤러리빵밥물커피우유감귤복숭아';
const FREQUENT_HANZI =
  '的一是不了人在有我他这中大来上个国和地到说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运猫狗鸟鱼牛羊猪鸡鸭兔虎蛇熊花草树木苹香蕉葡萄桃梨车船飞椅桌杯瓶鞋帽衣训练测试查询图片照库';

function isRatherKorean(names: readonly Uint8Array[]): boolean {
  const count = (encoding: 'gbk' | 'euc-kr', frequent: string) => {
    const letters = new Set(names.flatMap((name) => [...(decodeName(name, encoding) ?? '')].filter((c) => c > '\x7f')));
    return { letters: letters.size, frequent: [...letters].filter((letter) => frequent.includes(letter)).length };
  };
  const korean = count('euc-kr', FREQUENT_SYLLABLES);
  const chinese = count('gbk', FREQUENT_HANZI);
  if (korean.frequent !== chinese.frequent) return korean.frequent > chinese.frequent;
  // Of Chinese letters, six in ten lie where the syllables do: of many, hardly all of them.
  return korean.letters >= 6;
}
