import { defineCheck, type StepContext, type Verdict } from '../check.ts';
import { eksCommand } from './rules/command.ts';
import { namesOwnImage } from './rules/node-pools.ts';

/**
 * The version of its launch template that a group really runs against the newest there is: an update is when what was
 * saved up in between comes along. The template's default version says nothing about a group.
 */
export const launchTemplates = defineCheck({
  code: 'launch-templates',
  title: 'Every managed node group runs the newest version of its launch template',
  reads: ['nodeGroups'],
  judge: ({ nodeGroups }, step) =>
    nodeGroups.flatMap((group): Verdict[] => {
      const template = group.launchTemplate;
      if (!template || template.newest === template.used) return [];
      if (template.newest === undefined) return [sayUnknown(group.name, template, step)];
      return [
        {
          result: 'warn',
          subject: `node group ${group.name}`,
          message: `It runs version ${template.used} of its launch template ${template.name}, and ${template.newest} is the newest: whoever updates the group has to say which of them, and may bring in changes that were never tried.`,
          remedy: {
            text: 'Move the group to the newest version by itself, before this step, or delete versions that nobody wants.',
            command: eksCommand(
              'update-nodegroup-version',
              {
                'nodegroup-name': group.name,
                'launch-template': `id=${template.id},version=${template.newest}`,
                ...(namesOwnImage(group) ? {} : { 'kubernetes-version': group.version ?? step.current }),
              },
              step,
            ),
            link: 'https://docs.aws.amazon.com/eks/latest/userguide/update-managed-node-group.html',
          },
          evidence: [`${template.id}: used ${template.used}, newest ${template.newest}`],
        },
      ];
    }),
});

/** Gone or not readable: the first breaks the group, and neither is a reason to call it well. */
const sayUnknown = (
  group: string,
  { id, used }: { readonly id: string; readonly used: string },
  { region }: StepContext,
): Verdict => ({
  result: 'not-checked',
  subject: `node group ${group}`,
  message: `Its launch template ${id} with version ${used} was not found: it is gone, or could not be read. A group whose template is gone can make no new node.`,
  remedy: {
    text: 'Look whether the template and that version of it are there.',
    command: `aws ec2 describe-launch-template-versions --region ${region} --launch-template-id ${id} --versions ${used}`,
  },
});
