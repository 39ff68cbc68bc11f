import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { sourceFiles } from './source.ts'

it('every icon that the code names is in the bundled set', () => {
  const { icons, aliases } = createRequire(import.meta.url)('@iconify-json/lucide/icons.json') as { icons: object; aliases?: object }
  const used = [...sourceFiles('src/**/*.vue'), ...sourceFiles('src/**/*.ts')].flatMap(({ path, text }) =>
    [...text.matchAll(/i-lucide-([a-z0-9-]+)/g)].map(([, name]) => ({ path, name: name! })),
  )
  expect(used.filter(({ name }) => !(name in icons) && !(name in (aliases ?? {})))).toEqual([])
})
