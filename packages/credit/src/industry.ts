import type { Text } from '@surety/engine'
import type { IndustryScheme } from './book.ts'

/** Editions of the two classifications, and of the risk levels beside them. */
export const INDUSTRY_TABLE_VERSION = { 'GB/T 4754': '2017', NACE: 'Rev. 2', risk: '2026-01' } as const

export const INDUSTRY_RISKS = ['low', 'mid', 'high'] as const
export type IndustryRisk = (typeof INDUSTRY_RISKS)[number]

/** A division: section letter and two digits, such as C29. */
export interface Industry {
  readonly scheme: IndustryScheme
  readonly code: string
  readonly section: string
  readonly label: Text
  readonly sectionLabel: Text
  readonly risk: IndustryRisk
}

export interface IndustryCode {
  readonly scheme: IndustryScheme
  readonly code: string
}

// Each section: letter, risk, zh, en; then its divisions: number, zh, en, and a risk of its own where it differs.
const GBT_4754 = `
A mid 农、林、牧、渔业|Agriculture, forestry, animal husbandry and fishery
01 农业|Crop farming
02 林业|Forestry
03 畜牧业|Animal husbandry|high
04 渔业|Fishery|high
05 农、林、牧、渔专业及辅助性活动|Support activities for agriculture
B mid 采矿业|Mining
06 煤炭开采和洗选业|Coal mining and washing|high
07 石油和天然气开采业|Extraction of petroleum and natural gas
08 黑色金属矿采选业|Mining of ferrous metal ores|high
09 有色金属矿采选业|Mining of non-ferrous metal ores
10 非金属矿采选业|Mining of non-metallic minerals
11 开采专业及辅助性活动|Support activities for mining
12 其他采矿业|Other mining
C mid 制造业|Manufacturing
13 农副食品加工业|Processing of agricultural food
14 食品制造业|Food
15 酒、饮料和精制茶制造业|Wine, beverages and refined tea|low
16 烟草制品业|Tobacco|low
17 纺织业|Textiles|high
18 纺织服装、服饰业|Garments and apparel|high
19 皮革、毛皮、羽毛及其制品和制鞋业|Leather, fur, feather and footwear|high
20 木材加工和木、竹、藤、棕、草制品业|Wood, bamboo, rattan, palm and straw products
21 家具制造业|Furniture|high
22 造纸和纸制品业|Paper and paper products
23 印刷和记录媒介复制业|Printing and reproduction of recorded media
24 文教、工美、体育和娱乐用品制造业|Stationery, crafts, sports and entertainment articles
25 石油、煤炭及其他燃料加工业|Processing of petroleum, coal and other fuels
26 化学原料和化学制品制造业|Raw chemicals and chemical products
27 医药制造业|Pharmaceuticals|low
28 化学纤维制造业|Chemical fibres
29 橡胶和塑料制品业|Rubber and plastics
30 非金属矿物制品业|Non-metallic mineral products|high
31 黑色金属冶炼和压延加工业|Smelting and pressing of ferrous metals|high
32 有色金属冶炼和压延加工业|Smelting and pressing of non-ferrous metals
33 金属制品业|Metal products
34 通用设备制造业|General-purpose machinery
35 专用设备制造业|Special-purpose machinery
36 汽车制造业|Automobiles
37 铁路、船舶、航空航天和其他运输设备制造业|Railway, ship, aerospace and other transport equipment|low
38 电气机械和器材制造业|Electrical machinery and apparatus
39 计算机、通信和其他电子设备制造业|Computers, communication and other electronics
40 仪器仪表制造业|Measuring instruments|low
41 其他制造业|Other manufacturing
42 废弃资源综合利用业|Recycling of waste|high
43 金属制品、机械和设备修理业|Repair of metal products, machinery and equipment
D low 电力、热力、燃气及水生产和供应业|Electricity, heat, gas and water
44 电力、热力生产和供应业|Electricity and heat
45 燃气生产和供应业|Gas
46 水的生产和供应业|Water
E high 建筑业|Construction
47 房屋建筑业|Building construction
48 土木工程建筑业|Civil engineering|mid
49 建筑安装业|Building installation
50 建筑装饰、装修和其他建筑业|Building decoration and other construction
F mid 批发和零售业|Wholesale and retail
51 批发业|Wholesale
52 零售业|Retail
G mid 交通运输、仓储和邮政业|Transport, storage and post
53 铁路运输业|Rail transport|low
54 道路运输业|Road transport|high
55 水上运输业|Water transport
56 航空运输业|Air transport
57 管道运输业|Pipeline transport|low
58 多式联运和运输代理业|Multimodal transport and forwarding
59 装卸搬运和仓储业|Handling and storage
60 邮政业|Post and courier|low
H high 住宿和餐饮业|Accommodation and catering
61 住宿业|Accommodation
62 餐饮业|Catering
I low 信息传输、软件和信息技术服务业|Information transmission, software and IT services
63 电信、广播电视和卫星传输服务|Telecommunication, broadcasting and satellite transmission
64 互联网和相关服务|Internet services|mid
65 软件和信息技术服务业|Software and IT services|mid
J mid 金融业|Finance
66 货币金融服务|Monetary and financial services
67 资本市场服务|Capital market services
68 保险业|Insurance|low
69 其他金融业|Other finance|high
K high 房地产业|Real estate
70 房地产业|Real estate
L mid 租赁和商务服务业|Leasing and business services
71 租赁业|Leasing
72 商务服务业|Business services
M low 科学研究和技术服务业|Scientific research and technical services
73 研究和试验发展|Research and experimental development
74 专业技术服务业|Professional technical services
75 科技推广和应用服务业|Promotion and application of technology
N low 水利、环境和公共设施管理业|Water conservancy, environment and public facilities
76 水利管理业|Water conservancy
77 生态保护和环境治理业|Ecological protection and environmental treatment|mid
78 公共设施管理业|Public facilities
79 土地管理业|Land management
O mid 居民服务、修理和其他服务业|Resident services, repair and other services
80 居民服务业|Resident services
81 机动车、电子产品和日用产品修理业|Repair of motor vehicles, electronics and household goods
82 其他服务业|Other services
P low 教育|Education
83 教育|Education|mid
Q low 卫生和社会工作|Health and social work
84 卫生|Health
85 社会工作|Social work
R mid 文化、体育和娱乐业|Culture, sports and entertainment
86 新闻和出版业|News and publishing|low
87 广播、电视、电影和录音制作业|Broadcasting, television, film and sound recording
88 文化艺术业|Culture and arts
89 体育|Sports
90 娱乐业|Entertainment|high
S low 公共管理、社会保障和社会组织|Public administration, social security and social organisations
91 中国共产党机关|Organs of the Communist Party of China
92 国家机构|State organs
93 人民政协、民主党派|People’s Political Consultative Conference and democratic parties
94 社会保障|Social security
95 群众团体、社会团体和其他成员组织|Mass, social and other membership organisations
96 基层群众自治组织及其他组织|Grass-roots self-governing and other organisations
T low 国际组织|International organisations
97 国际组织|International organisations`

const NACE = `
A mid 农、林、渔业|Agriculture, forestry and fishing
01 种植和畜牧业|Crop and animal production
02 林业和伐木业|Forestry and logging
03 渔业和水产养殖|Fishing and aquaculture|high
B mid 采矿和采石|Mining and quarrying
05 煤炭和褐煤开采|Coal and lignite|high
06 原油和天然气开采|Crude petroleum and natural gas
07 金属矿开采|Metal ores
08 其他采矿和采石|Other mining and quarrying
09 采矿支持服务|Mining support services
C mid 制造业|Manufacturing
10 食品|Food products
11 饮料|Beverages|low
12 烟草|Tobacco|low
13 纺织|Textiles|high
14 服装|Wearing apparel|high
15 皮革及制品|Leather and related products|high
16 木材和木制品|Wood and wood products
17 纸和纸制品|Paper and paper products
18 印刷和记录媒介复制|Printing and reproduction of recorded media
19 焦炭和精炼石油|Coke and refined petroleum
20 化学品|Chemicals
21 医药|Pharmaceuticals|low
22 橡胶和塑料|Rubber and plastics
23 其他非金属矿物制品|Other non-metallic mineral products
24 基本金属|Basic metals|high
25 金属制品|Fabricated metal products
26 计算机、电子和光学产品|Computer, electronic and optical products
27 电气设备|Electrical equipment
28 其他机械设备|Machinery and equipment
29 汽车、挂车|Motor vehicles and trailers
30 其他运输设备|Other transport equipment|low
31 家具|Furniture|high
32 其他制造|Other manufacturing
33 机械设备修理和安装|Repair and installation of machinery
D low 电力、燃气、蒸汽和空调供应|Electricity, gas, steam and air conditioning
35 电力、燃气、蒸汽和空调供应|Electricity, gas, steam and air conditioning
E low 供水、污水和废物处理|Water supply, sewerage and waste
36 集水、水处理和供水|Water collection, treatment and supply
37 污水处理|Sewerage
38 废物收集、处理和回收|Waste collection, treatment and recovery|mid
39 污染治理|Remediation
F high 建筑业|Construction
41 房屋建筑|Construction of buildings
42 土木工程|Civil engineering|mid
43 专业建筑活动|Specialised construction
G mid 批发和零售、机动车修理|Wholesale and retail trade, repair of motor vehicles
45 机动车批发、零售和修理|Trade and repair of motor vehicles
46 批发|Wholesale trade
47 零售|Retail trade
H mid 运输和仓储|Transport and storage
49 陆路和管道运输|Land and pipeline transport|high
50 水上运输|Water transport
51 航空运输|Air transport
52 仓储和运输支持|Warehousing and support for transport
53 邮政和快递|Postal and courier activities|low
I high 住宿和餐饮|Accommodation and food service
55 住宿|Accommodation
56 餐饮|Food and beverage service
J low 信息和通信|Information and communication
58 出版|Publishing
59 影视和音乐制作|Film, television and music production|mid
60 广播电视|Programming and broadcasting
61 电信|Telecommunications
62 计算机编程和咨询|Computer programming and consultancy|mid
63 信息服务|Information services
K mid 金融和保险|Finance and insurance
64 金融服务|Financial services
65 保险、再保险和养老基金|Insurance, reinsurance and pension funding|low
66 金融辅助活动|Activities auxiliary to finance
L high 房地产|Real estate
68 房地产|Real estate
M low 专业、科学和技术活动|Professional, scientific and technical activities
69 法律和会计|Legal and accounting
70 总部和管理咨询|Head offices and management consultancy
71 建筑设计、工程和技术测试|Architecture, engineering and technical testing
72 科学研究和开发|Scientific research and development
73 广告和市场调查|Advertising and market research|mid
74 其他专业、科学和技术活动|Other professional, scientific and technical activities
75 兽医|Veterinary activities
N mid 行政和支持服务|Administrative and support services
77 租赁|Rental and leasing
78 人力资源服务|Employment activities
79 旅行社|Travel agencies|high
80 安保和调查|Security and investigation
81 建筑物和园林服务|Services to buildings and landscape
82 办公和商务支持|Office and business support
O low 公共管理和国防|Public administration and defence
84 公共管理和国防|Public administration and defence
P low 教育|Education
85 教育|Education
Q low 卫生和社会工作|Health and social work
86 卫生|Human health
87 住宿护理|Residential care
88 社会工作|Social work
R mid 艺术、娱乐和休闲|Arts, entertainment and recreation
90 创作、艺术和娱乐|Creative, arts and entertainment
91 图书馆、档案馆、博物馆|Libraries, archives and museums|low
92 博彩|Gambling and betting|high
93 体育和休闲|Sports and recreation
S mid 其他服务|Other services
94 会员组织|Membership organisations
95 计算机和家用品修理|Repair of computers and household goods
96 其他个人服务|Other personal services
T mid 家庭作为雇主|Households as employers
97 家庭雇佣|Households employing domestic staff
98 家庭自用生产|Households producing for own use
U low 域外组织|Extraterritorial organisations
99 域外组织|Extraterritorial organisations`

export const INDUSTRIES: readonly Industry[] = [...read('GB/T 4754', GBT_4754), ...read('NACE', NACE)]

const BY_CODE: ReadonlyMap<string, Industry> = new Map(INDUSTRIES.map(industry => [`${industry.scheme} ${industry.code}`, industry]))

/** Letters that a section of either classification can have. */
export const INDUSTRY_SECTION_LETTERS: readonly string[] = [...new Set(INDUSTRIES.map(({ section }) => section))].toSorted()

/** The division of a code; longer codes (C2911, 29.1) belong to the division that they begin with. */
export function findIndustry({ scheme, code }: IndustryCode): Industry | undefined {
  const [, letter, digits] = /^([A-U]?)(\d\d)/.exec(code) ?? []
  if (digits === undefined) return undefined
  return letter
    ? BY_CODE.get(`${scheme} ${letter}${digits}`)
    : INDUSTRIES.find(industry => industry.scheme === scheme && industry.code.slice(1) === digits)
}

export function industrySection(industry: IndustryCode): string | undefined {
  return findIndustry(industry)?.section
}

export function industryRisk(industry: IndustryCode): IndustryRisk | undefined {
  return findIndustry(industry)?.risk
}

/** Banks, insurers and their like, whose balance sheets Altman's functions don't fit. */
export function isFinancialIndustry(industry: IndustryCode): boolean {
  const section = industrySection(industry) ?? industry.code.slice(0, 1)
  return section === (industry.scheme === 'NACE' ? 'K' : 'J')
}

function read(scheme: IndustryScheme, table: string): Industry[] {
  let section = { letter: '', risk: 'mid' as IndustryRisk, label: { en: '', zh: '' } }
  return table
    .trim()
    .split('\n')
    .flatMap((line): Industry[] => {
      const [head = '', en = '', ownRisk] = line.split('|')
      const [, letter, risk, sectionZh] = /^([A-U]) (low|mid|high) (.+)$/.exec(head) ?? []
      if (letter) {
        section = { letter, risk: risk as IndustryRisk, label: { zh: sectionZh ?? '', en } }
        return []
      }
      return [
        {
          scheme,
          code: section.letter + head.slice(0, 2),
          section: section.letter,
          label: { zh: head.slice(3), en },
          sectionLabel: section.label,
          risk: (ownRisk as IndustryRisk | undefined) ?? section.risk,
        },
      ]
    })
}
