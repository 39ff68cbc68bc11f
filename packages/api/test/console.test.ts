import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi } from './support.ts'

describe('the console', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surety-console-'))
  let api: TestApi
  let unbuilt: TestApi
  beforeAll(async () => {
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Surety</title>')
    writeFileSync(join(folder, 'assets', 'index-a1b2c3.js'), `console.log("${'x'.repeat(5000)}")`)
    writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    api = await startTestApi({ consoleFolder: folder })
    unbuilt = await startTestApi()
  })
  afterAll(async () => {
    await api.close()
    await unbuilt.close()
    rmSync(folder, { recursive: true })
  })

  const get = (path: string, accept = 'text/html'): Promise<Response> => fetch(api.url + path, { headers: { accept } })

  it.each(['/', '/customers', '/customers/42?tab=documents', '/tasks/7'])('answers %s with the page, always fresh', async path => {
    const response = await get(path)
    expect({ status: response.status, cache: response.headers.get('cache-control'), text: await response.text() }).toEqual({
      status: 200,
      cache: 'no-cache',
      text: expect.stringContaining('<title>Surety'),
    })
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe-eval')
  })

  it('keeps hashed assets for ever and sends them compressed', async () => {
    const response = await get('/assets/index-a1b2c3.js', '*/*')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('content-encoding')).toMatch(/^(br|gzip)$/)
    expect((await get('/favicon.svg', '*/*')).headers.get('cache-control')).toBe('public, max-age=0')
  })

  it('has no page in place of an asset, a door or a file that is not there', async () => {
    expect((await get('/assets/index-gone.js')).status).toBe(404)
    expect((await get('/v1/nothing')).headers.get('content-type')).toContain('application/problem+json')
    expect((await get('/data.json', 'application/json')).status).toBe(404)
    expect((await get('/../../etc/passwd')).headers.get('content-type')).toContain('text/html')
    expect((await get('/assets/..%2f..%2f..%2fetc%2fpasswd')).status).toBeGreaterThanOrEqual(400)
  })

  it('says that it is not built where it is not', async () => {
    const response = await fetch(`${unbuilt.url}/`, { headers: { accept: 'text/html' } })
    expect({ status: response.status, text: await response.text() }).toEqual({ status: 503, text: expect.stringContaining('not built') })
  })
})
