/** The encodings of East Asian systems, and in which of them texts make sense. */
const ENCODINGS = ['shift_jis', 'gbk', 'euc-kr', 'big5', 'euc-jp'] as const;
export type EastAsian = (typeof ENCODINGS)[number];

/** Text of an encoding, or null where it does not allow the bytes. */
export function decodeStrictly(raw: Uint8Array, encoding: EastAsian | 'utf-8'): string | null {
  try {
    return decoderOf(encoding).decode(raw);
  } catch {
    return null;
  }
}

/** Thousands of names are tried in each encoding. */
const decoders = new Map<string, TextDecoder>();

function decoderOf(encoding: EastAsian | 'utf-8'): TextDecoder {
  const known = decoders.get(encoding) ?? new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  decoders.set(encoding, known);
  return known;
}

/** Encodings whose shares of usual letters differ by less are distinguished by the letters' frequency. */
const CLOSE = 0.15;

/** The encoding that names of which each holds foreign letters are written in, with the share of usual letters in it. */
export function bestEastAsian(names: readonly Uint8Array[]): { encoding: EastAsian; share: number } | null {
  const valid = ENCODINGS.filter((encoding) => names.every((name) => decodeStrictly(name, encoding) !== null));
  const usual = valid.map((encoding) => ({ encoding, share: shareOfUsual(names, encoding) }));
  const most = Math.max(...usual.map(({ share }) => share));
  // Every text in EUC-KR is one in GBK, short ones the other way round, and in Big5 and EUC-JP there are more of them.
  const close = usual.filter(({ share }) => share > 0 && share >= most - CLOSE);
  const ranked = (close.length > 0 ? close : usual).map((one) => ({ ...one, ...frequencyOf(names, one.encoding) }));
  const [best, second] = ranked.sort((a, b) => b.frequent - a.frequent || b.share - a.share);
  const undecided = best?.encoding === 'gbk' && second?.encoding === 'euc-kr' && best.frequent === second.frequent;
  // Of Chinese letters, six in ten lie where the syllables do: of many, hardly all of them.
  return (undecided && second.letters >= 6 ? second : best) ?? null;
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
  // The 5,401 hanzi of the first level.
  big5: (lead, trail) =>
    lead >= 0xa1 && lead <= 0xa3 ? null : lead >= 0xa4 && (lead < 0xc6 || (lead === 0xc6 && trail <= 0x7e)),
  // Kana; kanji of the first level.
  'euc-jp': (lead) =>
    lead === 0xa1 || lead === 0xa3 ? null : lead === 0xa4 || lead === 0xa5 || (lead >= 0xb0 && lead <= 0xcf),
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

/** Letters that names of folders are often made of, whose bytes are valid in several encodings. */
const SYLLABLES =
  '이다는의가을를에고하나지로사기자인리도시어대정아해주원수부전일제한라그만서보상장국스동과구성조신용공무비문여안화선소계유관민경모중회우마세생개체방차오연물양산적터노당단음미년행외말금강양돼닭곰꽃나무새집책컵옷신발가방시계의자책상고양이강아지사과바나나포도딸기수박오렌지토끼호랑말원숭코끼리자동비행배훈련학습시험검증질의사진데이터갤러리빵밥물커피우유감귤복숭아';
const SIMPLIFIED =
  '的一是不了人在有我他这中大来上个国和地到说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运猫狗鸟鱼牛羊猪鸡鸭兔虎蛇熊花草树木苹香蕉葡萄桃梨车船飞椅桌杯瓶鞋帽衣训练测试查询图片照库';
const TRADITIONAL =
  '的一是不了人在有我他這中大來上個國和地到說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只從想實日者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運貓狗鳥魚羊豬雞鴨兔虎蛇熊花草樹木蘋香蕉葡萄桃梨車船飛椅桌杯瓶鞋帽衣訓練測試查詢圖片照庫櫻牛驗證';
const KANJI =
  '日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨犬猫鳥魚牛馬豚羊猿熊虎兎亀蛇花草森林桜梅桃柿梨栗苺林檎葡萄蜜柑写真画像検索訓練評価学習試験集赤青黄緑黒茶色飯茶碗傘靴鞄帽服机椅箱鍋皿';

const FREQUENT: Readonly<Record<EastAsian, RegExp>> = {
  shift_jis: new RegExp(`[${KANJI}\\p{Script=Hiragana}\\p{Script=Katakana}ー]`, 'u'),
  'euc-jp': new RegExp(`[${KANJI}\\p{Script=Hiragana}\\p{Script=Katakana}ー]`, 'u'),
  gbk: new RegExp(`[${SIMPLIFIED}]`, 'u'),
  big5: new RegExp(`[${TRADITIONAL}]`, 'u'),
  'euc-kr': new RegExp(`[${SYLLABLES}]`, 'u'),
};

/** How many different letters the names have, and how many of them are frequent ones. */
function frequencyOf(names: readonly Uint8Array[], encoding: EastAsian): { letters: number; frequent: number } {
  const letters = new Set(
    names.flatMap((name) => [...(decodeStrictly(name, encoding) ?? '')].filter((letter) => letter > '\x7f')),
  );
  return { letters: letters.size, frequent: [...letters].filter((letter) => FREQUENT[encoding].test(letter)).length };
}
