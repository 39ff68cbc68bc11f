import '../../src/styles/main.css'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import { createApp, defineAsyncComponent, defineComponent, h, shallowRef } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import UApp from '@nuxt/ui/components/App.vue'
import type { Decision, Policy } from '@surety/engine'
import { createDraftEditor, type OwnedDraftEditor } from '../../src/editors/draft/createDraftEditor.ts'
import ExchangeMenu from '../../src/editors/exchange/ExchangeMenu.vue'
import { provideDraftEditor, type PolicyRight } from '../../src/editors/draft/usePolicyDraft.ts'
import { i18n, speak, type Language } from '../../src/i18n/index.ts'

/** One editor of a policy alone on a page, with the real command stack and the real analysis, for what a browser has to show: typing, pasting, drawing. */
export interface EditorPage {
  open(policy: Policy, path: string, options?: { language?: Language; right?: PolicyRight; theme?: 'light' | 'dark' }): Promise<void>
  document(): Policy
  undoLabel(): string | undefined
  setTrace(decision: Decision | null): void
  setHits(hits: readonly (readonly [string, number])[]): void
  focusPath(path: string): void
  /** How many components were drawn anew since this was last asked. */
  renders(): number
}

declare global {
  interface Window {
    editorPage: EditorPage
  }
}

const EDITORS = {
  table: defineAsyncComponent(() => import('../../src/editors/grid/TableEditor.vue')),
  scorecard: defineAsyncComponent(() => import('../../src/editors/scorecard/ScorecardEditor.vue')),
  formula: defineAsyncComponent(() => import('../../src/editors/formula/FormulaEditor.vue')),
}

let editor: OwnedDraftEditor | undefined
let renders = 0
const shown = shallowRef<{ policy: Policy; path: string; right: PolicyRight; key: number }>()

const Holder = defineComponent({
  props: { policy: { type: Object, required: true }, path: { type: String, required: true }, right: { type: String, required: true } },
  setup(props) {
    editor = createDraftEditor(props.policy as Policy, props.right as PolicyRight)
    provideDraftEditor(editor)
    const kind = (props.policy as Policy).steps[Number(props.path.split('/')[2])]!.kind as keyof typeof EDITORS
    return () => [h(ExchangeMenu), h(EDITORS[kind], { path: props.path })]
  },
})
const Page = defineComponent(
  () => () =>
    h(UApp, null, () =>
      h(
        'main',
        { style: { height: '100vh', display: 'flex', flexDirection: 'column' } },
        shown.value ? [h(Holder, { ...shown.value })] : [],
      ),
    ),
)

window.editorPage = {
  async open(policy, path, { language = 'en', right = 'everything', theme = 'light' } = {}) {
    document.documentElement.classList.toggle('dark', theme === 'dark')
    await speak(language)
    shown.value = { policy, path, right, key: (shown.value?.key ?? 0) + 1 }
  },
  document: () => editor!.document.value,
  undoLabel: () => editor!.undoLabel.value,
  setTrace: decision => editor!.setTrace(decision),
  setHits: hits => editor!.setHits(new Map(hits)),
  focusPath: path => (editor!.focusPath.value = path),
  renders() {
    const count = renders
    renders = 0
    return count
  },
}

const router = createRouter({
  history: createMemoryHistory(),
  routes: [
    { path: '/policies/:id+/v/:version/print', name: 'policy-print', component: Page },
    { path: '/:rest(.*)*', component: Page },
  ],
})
createApp(Page)
  .mixin({
    updated() {
      renders++
    },
  })
  .use(icons)
  .use(i18n)
  .use(router)
  .mount('#app')
