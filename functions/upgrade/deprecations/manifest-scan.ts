import type { UsedApiFact } from '../../records/upgrade/api-facts.ts';
import { findDocuments, findHits, type Span } from './manifest-hits.ts';
import { findItems } from './manifest-items.ts';
import { type RuledObject, readObjects } from './manifest-object.ts';

/** Text that cannot be read is said once and not for every document of it. */
const MAX_FAULTS = 20;

export interface FoundObject extends RuledObject {
  /** Helm's comment on where the document was rendered from. */
  readonly template?: string;
}

/** What was found in a text, and what in it could not be read, each with its line. */
export interface Found {
  readonly objects: readonly FoundObject[];
  readonly faults: readonly string[];
}

/**
 * Finds the objects of ruled apiVersions in multi-document YAML or JSON. Documents without one are not parsed, so a
 * fault in those is not seen: it changes no answer.
 */
export const findRuledObjects = (text: string): Found => {
  const hits = findHits(text);
  const objects: FoundObject[] = [];
  const faults: string[] = [];
  const lineAt = countLines(text);
  for (const document of findDocuments(text, hits)) {
    const template = readTemplate(text, document);
    const items = findItems(text, document);
    for (const piece of items ?? [document]) {
      const before = lineAt(piece.start);
      const own = text.slice(piece.start, piece.end);
      const reading = readObjects(items ? own.replace(DASH, '$1  ') : own);
      for (const object of reading.objects) {
        objects.push({
          ...object,
          line: before + object.line,
          ...(template === undefined ? {} : { template }),
        });
      }
      for (const { line, what } of reading.faults) faults.push(`line ${before + line}: ${what}`);
    }
  }
  const more = faults.length - MAX_FAULTS;
  return {
    objects,
    faults: more > 0 ? [...faults.slice(0, MAX_FAULTS), `and ${more} more of the kind`] : faults,
  };
};

/** An item of a YAML list without its dash is a document of its own. */
const DASH = /^( *)- /;

/** Scans a manifest that was given, for ruled API versions with file and line; faults name the file. */
export const scanManifest = (
  file: string,
  text: string,
): { readonly objects: readonly UsedApiFact[]; readonly faults: readonly string[] } => {
  const { objects, faults } = findRuledObjects(text);
  return {
    objects: objects.map(({ kind, namespace, name, apiVersion, line, template }) => ({
      kind,
      namespace,
      name,
      evidence: [
        {
          source: 'file',
          apiVersion,
          confidence: 'high',
          file,
          line,
          ...(template === undefined ? {} : { template }),
        },
      ],
    })),
    faults: faults.map((fault) => `${file}, ${fault}`),
  };
};

/** Lines before an offset; offsets only grow, so each part of the text is counted once. */
const countLines = (text: string): ((offset: number) => number) => {
  let [counted, lines] = [0, 0];
  return (offset) => {
    for (let at = text.indexOf('\n', counted); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
      lines += 1;
      counted = at + 1;
    }
    return lines;
  };
};

/** `helm template` writes it above each document. */
const readTemplate = (text: string, { start, end }: Span): string | undefined =>
  /^# Source: (.+?)\r?$/m.exec(text.slice(start, Math.min(end, start + 2_000)))?.[1];
