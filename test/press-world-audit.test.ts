import { describe, expect, it } from 'vitest'
import { breaches } from './press-world/audit.ts'
import type { RequestRecord } from './press-world/server.ts'

const host = '127.0.0.1:9000'
const manners = new Map([[host, { outletId: 'bao-mau', disallow: ['/tim-kiem', '/*/in$'], delaySeconds: 5 }]])
const request = (seconds: number, path: string, query = ''): RequestRecord => ({
  ...{ at: new Date(Date.UTC(2025, 9, 1, 0, 0, seconds)).toISOString(), outletId: 'bao-mau', host, method: 'GET' },
  ...{ path, query, status: 200, userAgent: null, conditional: false },
})
const kinds = (...requests: readonly RequestRecord[]): string[] =>
  breaches({ requests, manners }).map(({ kind, request: { path } }) => `${kind} ${path}`)

describe('the audit of a press world', () => {
  it('tells requests that came too soon and those against robots.txt', () => {
    expect(kinds(request(0, '/a'), request(5, '/b'), request(9, '/c'))).toEqual(['interval /c'])
    expect(kinds(request(0, '/tim-kiem', '?q=x'), request(5, '/bai/1/in'), request(10, '/bai/1/in-an'))).toEqual([
      'robots /tim-kiem',
      'robots /bai/1/in',
    ])
  })

  it('lets the script of the last page ask at once, counts the pause from it, and nobody else’s', () => {
    expect(kinds(request(0, '/a'), request(0, '/du-lieu', '?trang=/a'), request(5, '/b'))).toEqual([])
    expect(kinds(request(0, '/a'), request(3, '/du-lieu', '?trang=/a'), request(6, '/b'))).toEqual(['interval /b'])
    expect(kinds(request(0, '/a'), request(1, '/du-lieu', '?trang=/b'))).toEqual(['interval /du-lieu'])
    expect(kinds(request(0, '/a'), request(5, '/b'), request(6, '/du-lieu', '?trang=/a'))).toEqual([
      'interval /du-lieu',
    ])
  })
})
