import * as z from 'zod';
import { Configuration } from '../configuration.ts';

/** The JSON Schema of `drydock.yaml`, by which editors complete and check it. */

/** As much of JSON Schema as ours consists of. */
const JsonSchema = z.looseObject({
  get properties() {
    return z.record(z.string(), JsonSchema).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), JsonSchema]).optional();
  },
  get items() {
    return JsonSchema.optional();
  },
  get oneOf() {
    return z.array(JsonSchema).optional();
  },
  get anyOf() {
    return z.array(JsonSchema).optional();
  },
  const: z.unknown().optional(),
});
type JsonSchema = z.output<typeof JsonSchema>;

/**
 * Generates the schema of what a person writes, with defaults and descriptions. Draft 7, which the language servers
 * of editors read.
 */
export const generateJsonSchema = (): Record<string, unknown> => {
  const { $schema, ...schema } = z.toJSONSchema(Configuration, { io: 'input', target: 'draft-7' });
  return { $schema, title: 'drydock.yaml', ...schema };
};

/**
 * Which keys may stand in the map at `path`? Empty when that place is no map of fixed keys.
 *
 * @param value the whole file: what it holds decides between alternatives, such as the kinds of a source.
 */
export const findAllowedKeys = (path: readonly PropertyKey[], value: unknown): string[] => {
  let place: { schema: JsonSchema; value: unknown } | undefined = {
    schema: JsonSchema.parse(generateJsonSchema()),
    value,
  };
  for (const key of path) {
    const schema: JsonSchema | undefined = place && descend(choose(place.schema, place.value), String(key));
    if (!place || !schema) return [];
    place = { schema, value: memberOf(place.value, String(key)) };
  }
  return Object.keys(choose(place.schema, place.value).properties ?? {});
};

const descend = (schema: JsonSchema, key: string): JsonSchema | undefined => {
  const { properties, additionalProperties, items } = schema;
  if (properties && Object.hasOwn(properties, key)) return properties[key];
  if (typeof additionalProperties === 'object') return additionalProperties;
  return items;
};

/** Of several alternatives, the one whose constants (`kind`, `type`, `exposure`) are those of the value. */
const choose = (schema: JsonSchema, value: unknown): JsonSchema =>
  (schema.oneOf ?? schema.anyOf)?.find(({ properties }) =>
    Object.entries(properties ?? {}).every(
      ([key, member]) => member.const === undefined || member.const === memberOf(value, key),
    ),
  ) ?? schema;

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
