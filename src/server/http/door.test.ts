import { expect, test } from 'vitest'
import { sample, story } from '#app/testing.ts'

test('an unknown request is answered in words, and health and OpenAPI are there', story(async (town) => {
  const person = town.as('communitySecretary', sample.community)
  const response = await person.raw('nothing.here', { input: {} })
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ code: 'door.unknownContract', title: { zh: expect.any(String) } })
  expect((await town.request('/healthz')).status).toBe(200)
  expect(await (await town.request('/api/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' })
}))
