import { socialCreditCode } from '../registration-number.ts'
import type { History } from './history.ts'
import { contactName, groupName } from './names.ts'
import type { Profile } from './profile.ts'
import { createRandom, type Random } from './random.ts'
import type { ContactRecord, CustomerRecord } from './record.ts'

export function customerRecord(
  { seed, dateOf }: History,
  { customerId, groupId, identity, payer, size, isListed, sinceDay }: Profile,
  random: Random,
): CustomerRecord {
  return {
    kind: 'customer',
    customerId,
    customer: {
      id: customerId,
      name: identity.name,
      country: identity.country,
      industry: identity.industry,
      segment: identity.segment,
      ...(groupId === undefined ? {} : { groupId }),
      size,
      isListed,
      since: dateOf(sinceDay),
    },
    nameEn: identity.nameEn,
    registrationNumber:
      identity.country === 'CN'
        ? socialCreditCode(identity.region, `MA${Array.from({ length: 6 }, () => random.pick(REGISTRATION_CHARACTERS)).join('')}`)
        : `${identity.country}${random.between(10_000_000, 99_999_999)}`,
    currency: identity.currency,
    city: identity.city,
    ...(groupId === undefined ? {} : { groupName: groupName(createRandom(seed, groupId, 'name')) }),
    payerType: payer,
  }
}

const REGISTRATION_CHARACTERS = [...'0123456789ABCDEFGHJKLMNPQRTUWXY']

export function* createContacts({ customerId, digits, identity }: Profile, random: Random): Generator<ContactRecord> {
  for (const [at, role] of ['finance', 'purchasing'].slice(0, random.chance(0.6) ? 2 : 1).entries()) {
    const name = contactName(random)
    yield {
      kind: 'contact',
      customerId,
      id: `CT-${digits}-${at + 1}`,
      name: identity.country === 'CN' ? name.zh : `${role === 'finance' ? 'Finance' : 'Purchasing'} desk`,
      role,
      email: `${role}.${digits}@${identity.handle.replaceAll(/[^a-z-]/g, '')}.example`,
      phone:
        identity.country === 'CN'
          ? `199-0000-${String(random.between(0, 9999)).padStart(4, '0')}`
          : `+1-555-01${String(random.between(0, 99)).padStart(2, '0')}`,
    }
  }
}
