// OpenAPI 3.1, printed from the same contract objects that the door answers.
import { z } from 'zod'
import { headers, type Contract } from '#core/contract.ts'
import { infoOf } from '#core/labels.ts'
import { uploadType } from '#core/upload.ts'

type JsonSchema = Record<string, unknown>

/** A zod schema as JSON Schema, with labels as titles. */
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const info = infoOf(zodSchema as unknown as z.ZodType)
      if (info?.zh) Object.assign(jsonSchema, { title: info.en, description: info.zh })
    },
  }) as JsonSchema
  return rest
}

const problemSchema: JsonSchema = {
  type: 'object',
  required: ['code', 'status', 'title', 'details'],
  properties: {
    code: { type: 'string' },
    status: { type: 'integer' },
    title: { type: 'object', properties: { zh: { type: 'string' }, en: { type: 'string' } } },
    details: { type: 'object' },
  },
}

const sayMay = (may: Contract['may']): string => (typeof may === 'string' ? may : may.join(', '))

const answerOf = (c: Contract): JsonSchema =>
  c.kind === 'download'
    ? { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
    : { 'application/json': { schema: schemaOf(c.output, 'output') } }

/** A file comes beside its JSON: one line, a line feed, the bytes. */
const bodyOf = (c: Contract): JsonSchema => ({
  'application/json': { schema: { type: 'object', required: ['input'], properties: { input: schemaOf(c.input, 'input') } } },
  ...(c.file
    ? {
        [uploadType]: {
          schema: {
            type: 'string',
            format: 'binary',
            description: `One line of JSON as above without \`${c.file.field}\`, a line feed, and the file of at most ${c.file.most} bytes.`,
          },
        },
      }
    : {}),
})

const operation = (c: Contract): JsonSchema => ({
  operationId: c.name,
  summary: c.title.en,
  description: `${c.title.zh}. May: ${sayMay(c.may)}.`,
  tags: [c.name.split('.')[0]],
  parameters: [
    ...(c.kind === 'command'
      ? [{ name: headers.key, in: 'header', required: true, schema: { type: 'string', format: 'uuid' } }]
      : []),
    { name: headers.post, in: 'header', required: false, schema: { type: 'string', format: 'uuid' } },
  ],
  requestBody: { required: true, content: bodyOf(c) },
  responses: {
    200: { description: c.title.en, content: answerOf(c) },
    default: {
      description: 'A problem',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
})

/** The document for partners. */
export const openApi = (contracts: readonly Contract[]): JsonSchema => ({
  openapi: '3.1.0',
  info: { title: 'Linli 邻里', version: '0.1.0', description: 'Community epidemic prevention and control.' },
  paths: Object.fromEntries(contracts.map((c) => [`/api/${c.name}`, { post: operation(c) }])),
  components: { schemas: { Problem: problemSchema } },
})
