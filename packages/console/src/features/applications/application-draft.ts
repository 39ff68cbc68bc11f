/** What has been typed of a new application; it outlives a reload and a wrong turn, and ends with the tab or with the submission. */
export interface ApplicationDraft {
  /** The same key twice is the same application, however often the button is pressed. */
  readonly key: string
  readonly customer: string
  readonly segment: string
  readonly limit: string
  readonly terms: string
  readonly purpose: string
}

const STORE = 'surety.application-draft'

const emptyDraft = (): ApplicationDraft => ({ key: crypto.randomUUID(), customer: '', segment: '', limit: '', terms: '', purpose: '' })

export function loadDraft(): ApplicationDraft {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(STORE) ?? 'null')
    return typeof stored === 'object' && stored !== null ? { ...emptyDraft(), ...stored } : emptyDraft()
  } catch {
    return emptyDraft()
  }
}

export const saveDraft = (draft: ApplicationDraft): void => sessionStorage.setItem(STORE, JSON.stringify(draft))
export const clearDraft = (): void => sessionStorage.removeItem(STORE)
