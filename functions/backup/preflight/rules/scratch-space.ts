import { sayByteSize } from '../../values/byte-size.ts';
import { expectArchive, expectScratch } from '../expected-size.ts';
import { definePreflightRule, notChecked, pass, refuse, warn } from '../preflight-rule.ts';

/** A tenth of the disk is kept: what was expected is no promise, and a kubelet evicts before a disk is full. */
const USABLE = 0.9;

/** Source: GitLab charts issue 899: pods of backups that were evicted when their disk ran full. */
export const scratchSpace = definePreflightRule({
  code: 'scratch-space',
  title: 'The archive can be put together on its disk',
  ifUnknown: 'go-on',
  concerns: 'archive',
  fact: ({ scratch }) => scratch,
  learn: 'See job.scratchSize in drydock.yaml, and the volume of the Job.',
  judge: ({ bytes, kind }, { history, rawBytes, now }) => {
    const archive = history.known ? expectArchive(history.value, now) : undefined;
    if (archive === undefined) {
      const message = `Whether ${sayByteSize(bytes)} are enough is not known: there is no verified archive to go by.`;
      return [notChecked(message, 'Watch the first backup; its size is known from then on.')];
    }
    const need = expectScratch(archive, rawBytes.known ? rawBytes.value : undefined);
    const message = `It takes about ${sayByteSize(need.bytes)}, and there are ${sayByteSize(bytes)}. ${need.assumptions.join(' ')}`;
    const remedy = `Set job.scratchSize in drydock.yaml to ${Math.ceil((need.bytes * 1.25) / 1024 ** 3)}Gi or more.`;
    if (need.bytes > bytes) return [refuse(message, remedy)];
    if (need.bytes > bytes * USABLE) return [warn(message, remedy)];
    if (kind === 'node-disk') {
      return [warn(`${message} It is the disk of a node, which others fill too.`, remedy)];
    }
    return [pass(message)];
  },
});
