/** One file per namespace: `tasks.json` holds `tasks.*`. A new file is found by itself. */
const files = import.meta.glob<object>('./*.json', { eager: true, import: 'default' })

export default Object.fromEntries(Object.entries(files).map(([path, messages]) => [path.slice(2, -'.json'.length), messages]))
