import { styleText } from 'node:util';

import { wrapText } from './wrap-text.ts';

/** What a run says to the person at the keyboard, or to the log of a CI job. */
export interface Terminal {
  /** A title with space above it. */
  heading(text: string): void;
  /** Running text, wrapped. */
  say(text: string): void;
  /** A line of a part's progress, `Kubernetes: ready ...`. */
  progress(line: string): void;
  /** When, what happened, and the particulars. */
  event(at: string, what: string, particulars: string): void;
  /** Something that was verified. */
  confirm(claim: string): void;
  fail(text: string): void;
  /** Something that matters little. */
  aside(text: string): void;
  /** Output of another tool, or a message, set off from the rest. */
  quote(text: string): void;
  /** Says nothing from now on: what a run still says while it is broken off is none of a person's concern. */
  silence(): void;
  /** A command to copy, never broken, with what it is for when that was not just said. */
  command(purpose: string, command: string): void;
}

const WIDTH = 100;
const PART_WIDTH = 13;

type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Writes to a stream; colours only on a terminal, and none with NO_COLOR (https://no-color.org). */
export const openTerminal = (stream: Stream): Terminal => {
  const paint = (format: Parameters<typeof styleText>[0], text: string): string =>
    styleText(format, text, { stream, validateStream: true });
  let isSilent = false;
  const write = (text: string): void => {
    if (!isSilent) stream.write(`${text}\n`);
  };
  return {
    heading: (text) => write(`\n${paint('bold', text)}`),
    say: (text) => write(wrapText(text, WIDTH, '   ')),
    progress: (line) => {
      const [part = '', ...rest] = line.split(': ');
      const told = rest.length > 0 ? `${part.padEnd(PART_WIDTH)} ${rest.join(': ')}` : part;
      write(paint('dim', `   ${told}`));
    },
    event: (at, what, particulars) => {
      const lead = `   ${at.padStart(8)}  `;
      const lines = wrapText(particulars, WIDTH - lead.length - 13).split('\n');
      const [first = '', ...more] = lines;
      write(`${paint('dim', lead)}${paint('cyan', what.padEnd(12))} ${first}`);
      for (const line of more) write(`${' '.repeat(lead.length + 13)}${line}`);
    },
    confirm: (claim) => {
      const [first = '', ...more] = wrapText(claim, WIDTH - 5).split('\n');
      write(`   ${paint('green', '✓')} ${first}`);
      for (const line of more) write(`     ${line}`);
    },
    fail: (text) => {
      const [first = '', ...more] = wrapText(text, WIDTH - 5).split('\n');
      write(`   ${paint('red', '✗')} ${first}`);
      for (const line of more) write(`     ${line}`);
    },
    aside: (text) => write(paint('dim', wrapText(text, WIDTH, '   '))),
    quote: (text) => {
      for (const line of wrapText(text, WIDTH - 5).split('\n'))
        write(`   ${paint('dim', '│')} ${line}`.trimEnd());
    },
    silence: () => {
      isSilent = true;
    },
    command: (purpose, command) => {
      if (purpose !== '') write(wrapText(purpose, WIDTH, '   '));
      write(`     ${paint('cyan', command)}`);
    },
  };
};
