import '../styles/main.css'
import urql from '@urql/vue'
import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import { createApp, watch } from 'vue'
import { endSession, useSession } from '../features/session/session.ts'
import { createGraphqlClient } from '../graphql/client.ts'
import { startLive } from '../graphql/live.ts'
import { i18n } from '../i18n/index.ts'
import AppRoot from './AppRoot.vue'
import { adoptPreferences, applyAppearance } from './appearance.ts'
import { createConsoleRouter } from './router.ts'

const client = createGraphqlClient(() => {
  endSession()
  const { currentRoute } = router
  if (!currentRoute.value.meta.isPublic) void router.replace({ name: 'sign-in', query: { next: currentRoute.value.fullPath, ended: '1' } })
})
const router = createConsoleRouter(client)

const { viewer } = useSession()
let stopLive: (() => void) | undefined
watch(
  () => viewer.value?.user.id,
  () => {
    stopLive?.()
    stopLive = viewer.value ? startLive() : undefined
    if (viewer.value) adoptPreferences(viewer.value)
  },
)

await applyAppearance()
// Icons are in the bundle; none is fetched from elsewhere.
createApp(AppRoot).use(icons).use(i18n).use(urql, client).use(router).mount('#app')
