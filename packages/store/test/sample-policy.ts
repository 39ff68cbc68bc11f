import type { Policy } from '@surety/engine'

export const samplePolicy: Policy = {
  id: 'sample',
  kind: 'assessment',
  title: { en: 'Sample', zh: '示例' },
  facts: { overdueTotal: { type: 'money' } },
  outputs: { grade: { type: 'string' } },
  steps: [],
}
