import ui from '@nuxt/ui/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const api = process.env.SURETY_API ?? `http://localhost:${process.env.SURETY_PORT ?? '4000'}`

export default defineConfig({
  plugins: [
    vue(),
    ui({
      colorMode: false,
      // Components are imported by name, so that a reader and the dead-code check can follow them.
      autoImport: false,
      components: false,
      experimental: { componentDetection: ['Button', 'Select', 'Input', 'Textarea', 'FormField'] },
      // Icon names also stand in plain modules, which a scan leaves out unless told.
      icon: { clientBundle: { scan: { globInclude: ['src/**/*.{vue,ts}'] } } },
      theme: { transitions: false, defaultVariants: { color: 'neutral', size: 'md' } },
      ui: {
        button: {
          slots: { base: 'font-medium rounded-md disabled:opacity-60' },
          variants: {
            size: {
              sm: { base: 'h-6 px-2 text-xs gap-1.5', leadingIcon: 'size-3.5', trailingIcon: 'size-3.5' },
              md: { base: 'h-(--control) px-2.5 text-sm gap-1.5', leadingIcon: 'size-4', trailingIcon: 'size-4' },
              lg: { base: 'h-8 px-3.5 text-sm gap-2', leadingIcon: 'size-4', trailingIcon: 'size-4' },
            },
          },
          defaultVariants: { variant: 'outline' },
        },
        input: {
          variants: { size: { md: { base: 'h-(--control) px-2 text-sm' }, lg: { base: 'h-8 px-2.5 text-sm' } } },
          slots: { base: 'ring-(--control-line)' },
        },
        select: { variants: { size: { md: { base: 'h-(--control) px-2 text-sm', trailingIcon: 'size-4' } } } },
        textarea: { slots: { base: 'ring-(--control-line)' } },
      },
    }),
  ],
  define: {
    __VUE_OPTIONS_API__: 'true',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    // Messages are interpreted, never turned into code: the page allows no eval.
    __INTLIFY_JIT_COMPILATION__: 'true',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: { target: 'es2023', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 300 },
  // The API refuses requests of another origin: keep the host that the browser named.
  server: { proxy: Object.fromEntries(['/graphql', '/v1', '/readyz'].map(path => [path, { target: api, changeOrigin: false }])) },
})
