import type { ObjectMetadata } from './kubernetes-reader.ts';

/**
 * Reads the metadata of one item of a list. Everything may be missing, and what is of a wrong type counts as missing.
 * Without a schema, since a scan reads thousands of them: zod takes a tenth of its whole processor time for these.
 */
export const readMetadata = (item: unknown): ObjectMetadata => {
  const metadata = toRecord(toRecord(item)['metadata']);
  const { namespace, name, labels, annotations, managedFields } = metadata;
  return {
    namespace: toText(namespace),
    name: toText(name),
    labels: toTexts(labels),
    annotations: toTexts(annotations),
    managedFields: Array.isArray(managedFields) ? managedFields.map(readEntry) : [],
  };
};

const readEntry = (value: unknown): ObjectMetadata['managedFields'][number] => {
  const { manager, operation, apiVersion, time, subresource } = toRecord(value);
  return {
    manager: toText(manager),
    operation: toText(operation),
    apiVersion: toText(apiVersion),
    ...(typeof time === 'string' ? { time } : {}),
    ...(typeof subresource === 'string' ? { subresource } : {}),
  };
};

type Unknowns = Readonly<Partial<Record<string, unknown>>>;

const NOTHING: Unknowns = {};
const isRecord = (value: unknown): value is Unknowns => typeof value === 'object' && value !== null;
const toRecord = (value: unknown): Unknowns => (isRecord(value) ? value : NOTHING);
const toText = (value: unknown): string => (typeof value === 'string' ? value : '');

const isText = (entry: readonly [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
const toTexts = (value: unknown): Readonly<Record<string, string>> =>
  isRecord(value) ? Object.fromEntries(Object.entries(value).filter(isText)) : {};
