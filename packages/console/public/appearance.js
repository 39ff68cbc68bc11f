// Runs before the first paint, so that neither theme nor language nor density flashes. A file of its own: the page allows no inline script.
{
  const read = name => {
    try {
      return localStorage.getItem(`surety.${name}`)
    } catch {
      return null
    }
  }
  const root = document.documentElement
  const theme = read('theme') ?? 'system'
  root.classList.toggle('dark', theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches))
  root.lang = read('language') ?? (navigator.languages.some(language => language.startsWith('zh')) ? 'zh-CN' : 'en')
  root.dataset.density = read('density') ?? 'compact'
}
