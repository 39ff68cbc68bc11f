import type { Text } from '@surety/engine'
import type { IndustryCode } from '../industry.ts'
import type { Random } from './random.ts'

/** A place, its region code for registration numbers, and the business segment that sells there. */
interface Place {
  readonly zh: string
  readonly en: string
  readonly region: string
  readonly segment: Segment
}

export const SEGMENTS = ['north', 'east', 'south', 'west', 'overseas'] as const
export type Segment = (typeof SEGMENTS)[number]

export const SEGMENT_LABELS: Readonly<Record<Segment, Text>> = {
  north: { en: 'North China', zh: '华北' },
  east: { en: 'East China', zh: '华东' },
  south: { en: 'South China', zh: '华南' },
  west: { en: 'West China', zh: '西部' },
  overseas: { en: 'Overseas', zh: '海外' },
}

export interface Trade {
  readonly industry: string
  readonly nace: string
  readonly zh: string
  readonly en: string
  /** How strongly sales move with the season, and the month of the peak. */
  readonly swing: number
  readonly peak: number
  readonly weight: number
}

const PLACES: readonly Place[] = `
青岛 Qingdao 370200 north|苏州 Suzhou 320500 east|无锡 Wuxi 320200 east|常州 Changzhou 320400 east|南通 Nantong 320600 east|扬州 Yangzhou 321000 east
宁波 Ningbo 330200 east|温州 Wenzhou 330300 east|绍兴 Shaoxing 330600 east|台州 Taizhou 331000 east|嘉兴 Jiaxing 330400 east|金华 Jinhua 330700 east
合肥 Hefei 340100 east|芜湖 Wuhu 340200 east|南昌 Nanchang 360100 east|赣州 Ganzhou 360700 east|福州 Fuzhou 350100 south|厦门 Xiamen 350200 south
泉州 Quanzhou 350500 south|佛山 Foshan 440600 south|东莞 Dongguan 441900 south|中山 Zhongshan 442000 south|惠州 Huizhou 441300 south|珠海 Zhuhai 440400 south
南宁 Nanning 450100 south|柳州 Liuzhou 450200 south|海口 Haikou 460100 south|长沙 Changsha 430100 south|株洲 Zhuzhou 430200 south|武汉 Wuhan 420100 west
襄阳 Xiangyang 420600 west|宜昌 Yichang 420500 west|郑州 Zhengzhou 410100 north|洛阳 Luoyang 410300 north|新乡 Xinxiang 410700 north|济南 Jinan 370100 north
潍坊 Weifang 370700 north|烟台 Yantai 370600 north|临沂 Linyi 371300 north|石家庄 Shijiazhuang 130100 north|唐山 Tangshan 130200 north|保定 Baoding 130600 north
天津 Tianjin 120100 north|太原 Taiyuan 140100 north|大同 Datong 140200 north|沈阳 Shenyang 210100 north|大连 Dalian 210200 north|长春 Changchun 220100 north
哈尔滨 Harbin 230100 north|成都 Chengdu 510100 west|绵阳 Mianyang 510700 west|德阳 Deyang 510600 west|重庆 Chongqing 500100 west|贵阳 Guiyang 520100 west
昆明 Kunming 530100 west|西安 Xi’an 610100 west|宝鸡 Baoji 610300 west|兰州 Lanzhou 620100 west|银川 Yinchuan 640100 west|乌鲁木齐 Urumqi 650100 west`
  .trim()
  .split(/[|\n]/)
  .map(line => {
    const [zh = '', en = '', region = '', segment = 'east'] = line.split(' ')
    return { zh, en, region, segment: segment as Segment }
  })

const FIRST_SYLLABLES = syllables(
  '岱 Dai 泓 Hong 砺 Li 澄 Cheng 烁 Shuo 沐 Mu 岚 Lan 宸 Chen 翊 Yi 璟 Jing 麓 Lu 淼 Miao 岑 Cen 珩 Heng 湉 Tian 峤 Qiao 骁 Xiao 琮 Cong 沛 Pei 轩 Xuan 屹 Yi 湛 Zhan 琨 Kun 沣 Feng 铄 Shuo 筱 Xiao 暄 Xuan 稷 Ji 钰 Yu 昱 Yu',
)
const SECOND_SYLLABLES = syllables(
  '屿 yu 砺 li 楠 nan 岳 yue 禾 he 川 chuan 原 yuan 骏 jun 腾 teng 峥 zheng 晟 sheng 朔 shuo 槿 jin 垣 yuan 汀 ting 棠 tang 檀 tan 笙 sheng 陌 mo 峦 luan 沅 yuan 桓 huan 辰 chen 柏 bai 廷 ting 栎 li 洵 xun 渡 du 嵘 rong 穗 sui',
)

const TRADES: readonly Trade[] = `
C29 C22 橡塑科技 Rubber & Plastics .15 10 8
C26 C20 化工 Chemicals .12 4 7
C35 C28 专用装备 Special Equipment .2 11 7
C34 C28 通用机械 Machinery .15 11 8
C36 C29 汽车零部件 Auto Parts .18 12 8
C38 C27 电气设备 Electrical .16 6 7
C39 C26 电子科技 Electronics .22 9 8
C40 C26 仪器仪表 Instruments .1 11 3
C33 C25 五金制品 Hardware .14 10 7
C17 C13 纺织 Textiles .3 9 5
C18 C14 服饰 Apparel .35 8 4
C14 C10 食品配料 Food Ingredients .28 12 5
C27 C21 医药包装 Pharma Packaging .08 11 4
C22 C17 包装材料 Packaging .2 10 5
C30 C23 建筑材料 Building Materials .3 10 5
C21 C31 家居制造 Furnishings .25 11 4
C31 C24 金属材料 Metal Materials .15 5 4
C42 C38 再生资源 Recycling .12 10 2
D44 D35 能源科技 Energy .25 1 3
E48 F42 工程建设 Engineering & Construction .3 10 4
F51 G46 供应链 Supply Chain .2 11 6
G54 H49 物流 Logistics .2 11 4
A03 A01 农牧 Farming .25 12 3
I65 J62 软件科技 Software .3 12 3`
  .trim()
  .split('\n')
  .map(line => {
    const [, industry = '', nace = '', zh = '', en = '', swing, peak, weight] =
      /^(\S+) (\S+) (\S+) (.+) (\.\d+) (\d+) (\d+)$/.exec(line) ?? []
    return { industry, nace, zh, en, swing: Number(swing), peak: Number(peak), weight: Number(weight) }
  })

const OVERSEAS = `
US USD Harlow Ridge|US USD Cedar Fennel|US USD Brackwater|US USD Tollen Creek|DE EUR Ahrental|DE EUR Wendorfer|FR EUR Valmorin|NL EUR Oosterdam
IT EUR Corveno|ES EUR Almadera|VN USD Song Tranh|TH USD Bang Lamai|SG USD Tanjong Keris|MX USD Sierra Lomeda|GB USD Penhallow|PL EUR Wistowa`
  .trim()
  .split(/[|\n]/)
  .map(line => {
    const [country = '', currency = '', ...name] = line.split(' ')
    return { country, currency, name: name.join(' ') }
  })

const OVERSEAS_FORMS: Readonly<Record<string, string>> = {
  US: 'Inc.',
  DE: 'GmbH',
  FR: 'SAS',
  NL: 'B.V.',
  IT: 'S.r.l.',
  ES: 'S.L.',
  VN: 'Co., Ltd.',
  TH: 'Co., Ltd.',
  SG: 'Pte. Ltd.',
  MX: 'S.A. de C.V.',
  GB: 'Ltd',
  PL: 'Sp. z o.o.',
}

const COLOURS = [
  'Amber',
  'Birch',
  'Copper',
  'Delta',
  'Ember',
  'Falcon',
  'Granite',
  'Heron',
  'Indigo',
  'Juniper',
  'Kestrel',
  'Larch',
  'Maple',
  'North',
  'Opal',
  'Pine',
  'Quartz',
  'Russet',
  'Slate',
  'Timber',
  'Umber',
  'Vale',
  'Willow',
  'Zephyr',
]

export interface Identity {
  readonly name: string
  readonly nameEn: string
  readonly city: string
  readonly region: string
  readonly segment: Segment
  readonly country: string
  readonly currency: string
  readonly trade: Trade
  readonly industry: IndustryCode
  /** Letters for a mail domain. */
  readonly handle: string
}

/** A made-up company; the number makes it unlike every other one of the same ledger. */
export function createIdentity(number: number, random: Random, currency: string, foreign: readonly string[]): Identity {
  const trade = random.weighted(TRADES.map(candidate => [candidate, candidate.weight] as const))
  const abroad = OVERSEAS.filter(home => foreign.includes(home.currency))
  return abroad.length > 0 && random.chance(0.07)
    ? overseasIdentity(number, random, trade, random.pick(abroad))
    : domesticIdentity(number, random, trade, currency)
}

export function groupName(random: Random): string {
  return `${random.pick(FIRST_SYLLABLES)[0]}${random.pick(SECOND_SYLLABLES)[0]}集团`
}

export function contactName(random: Random): { zh: string; en: string } {
  const [zh = '', en = ''] = random.pick(SURNAMES)
  return { zh: `${zh}经理`, en }
}

function domesticIdentity(number: number, random: Random, trade: Trade, currency: string): Identity {
  // A stride that shares no factor with the number of names walks through all of them before any returns.
  const names = PLACES.length * FIRST_SYLLABLES.length * SECOND_SYLLABLES.length
  const at = (number * 34_649 + 7919) % names
  const round = Math.floor(number / names)
  const place = PLACES[at % PLACES.length]!
  const first = FIRST_SYLLABLES[Math.floor(at / PLACES.length) % FIRST_SYLLABLES.length]!
  const second = SECOND_SYLLABLES[Math.floor(at / PLACES.length / FIRST_SYLLABLES.length)]!
  const [form, formEn] = random.weighted([
    [['有限公司', 'Co., Ltd.'], 80],
    [['股份有限公司', 'Holdings Co., Ltd.'], 12],
    [['集团有限公司', 'Group Co., Ltd.'], 8],
  ] as const)
  const ordinal = round === 0 ? ['', ''] : [`第${round + 1}`, ` No. ${round + 1}`]
  return {
    name: `${place.zh}${first[0]}${second[0]}${ordinal[0]}${trade.zh}${form}`,
    nameEn: `${place.en} ${first[1]}${second[1]}${ordinal[1]} ${trade.en} ${formEn}`,
    city: place.zh,
    region: place.region,
    segment: place.segment,
    country: 'CN',
    currency,
    trade,
    industry: { scheme: 'GB/T 4754', code: trade.industry },
    handle: `${first[1]}${second[1]}`.toLowerCase(),
  }
}

function overseasIdentity(number: number, random: Random, trade: Trade, home: (typeof OVERSEAS)[number]): Identity {
  const colour = random.pick(COLOURS)
  const name = `${home.name} ${colour} ${trade.en} ${number} ${OVERSEAS_FORMS[home.country] ?? 'Ltd'}`
  return {
    name,
    nameEn: name,
    city: home.name,
    region: '',
    segment: 'overseas',
    country: home.country,
    currency: home.currency,
    trade,
    industry: { scheme: 'NACE', code: trade.nace },
    handle: `${home.name}-${colour}`.toLowerCase().replaceAll(' ', '-'),
  }
}

const SURNAMES = syllables(
  '王 Wang 李 Li 张 Zhang 刘 Liu 陈 Chen 杨 Yang 赵 Zhao 黄 Huang 周 Zhou 吴 Wu 徐 Xu 孙 Sun 胡 Hu 朱 Zhu 高 Gao 林 Lin 何 He 郭 Guo 马 Ma 罗 Luo 梁 Liang 宋 Song 郑 Zheng 谢 Xie',
)

function syllables(list: string): (readonly [zh: string, en: string])[] {
  const words = list.split(' ')
  return Array.from({ length: words.length / 2 }, (_, at) => [words[at * 2]!, words[at * 2 + 1]!] as const)
}
