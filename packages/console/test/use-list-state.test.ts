import { createSSRApp, defineComponent, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { createMemoryHistory, createRouter } from 'vue-router'
import { expect, it } from 'vitest'
import { useListState, type ListState } from '../src/composables/useListState.ts'

async function listAt(address: string): Promise<{ list: ListState; address(): string; settle(): Promise<void> }> {
  let list: ListState | undefined
  const page = defineComponent(() => {
    list = useListState({ sort: '-exposure', pageSize: 50 })
    return () => h('p')
  })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/customers', name: 'customers', component: page }] })
  await router.push(address)
  await renderToString(createSSRApp(page).use(router))
  return {
    list: list!,
    address: () => decodeURIComponent(router.currentRoute.value.fullPath),
    settle: () => new Promise(resolve => setTimeout(resolve, 5)),
  }
}

it('a filter goes into the address and back to the first page', async () => {
  const { list, address, settle } = await listAt('/customers?page=3&after=x')
  list.setFilter('grade', ['D', 'E'])
  await settle()
  expect(address()).toBe('/customers?f.grade=D,E')
})

it('sorting by the same column turns the order round', async () => {
  const { list, address, settle } = await listAt('/customers')
  list.sortBy('exposure', true)
  await settle()
  expect(address()).toBe('/customers?sort=exposure')
  list.sortBy('overdue', true)
  await settle()
  expect(address()).toBe('/customers?sort=-overdue')
})

it('pages forward from the last row and back from the first', async () => {
  const { list, address, settle } = await listAt('/customers?f.grade=D')
  list.nextPage('c50')
  await settle()
  list.nextPage('c100')
  await settle()
  expect(address()).toBe('/customers?f.grade=D&page=3&after=c100')
  list.previousPage('c101')
  await settle()
  expect(address()).toBe('/customers?f.grade=D&page=2&before=c101')
  list.previousPage('c51')
  await settle()
  expect(address()).toBe('/customers?f.grade=D')
})

it('asks the server for what the address says', async () => {
  const forward = await listAt('/customers?page=2&after=c50')
  expect(forward.list.paging.value).toEqual({ first: 50, after: 'c50' })
  const back = await listAt('/customers?page=2&before=c101')
  expect(back.list.paging.value).toEqual({ last: 50, before: 'c101' })
})
