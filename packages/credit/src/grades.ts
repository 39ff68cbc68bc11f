import type { Text } from '@surety/engine'

/** Credit grades, best first. */
export const GRADES = ['A', 'B', 'C', 'D', 'E'] as const
export type Grade = (typeof GRADES)[number]

export const GRADE_LABELS: Readonly<Record<Grade, Text>> = {
  A: { en: 'Excellent', zh: '优秀' },
  B: { en: 'Good', zh: '良好' },
  C: { en: 'Fair', zh: '一般' },
  D: { en: 'Weak', zh: '偏弱' },
  E: { en: 'Poor', zh: '差' },
}

export function isGrade(value: unknown): value is Grade {
  return GRADES.includes(value as Grade)
}

/** How many notches better `to` is than `from`; negative is worse. */
export function gradeChange(from: Grade, to: Grade): number {
  return GRADES.indexOf(from) - GRADES.indexOf(to)
}
