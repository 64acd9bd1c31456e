import { defineCheck } from '../check.ts';
import { eksCommand } from './rules/command.ts';
import { namesOwnImage } from './rules/node-pools.ts';

export const customImages = defineCheck({
  code: 'custom-images',
  title: 'EKS can choose the image of every managed node group',
  reads: ['nodeGroups'],
  judge: ({ nodeGroups }, step) =>
    nodeGroups.filter(namesOwnImage).map(({ name, amiType, launchTemplate }) => ({
      result: 'warn',
      subject: `node group ${name}`,
      message: `Its launch template names an image of your own, so EKS refuses to update it to ${step.to} by version: an image for ${step.to} has to be built first.`,
      remedy: {
        text: 'Build the image, make a new version of the launch template with it, then move the group to that version. Fill in its number.',
        command: eksCommand(
          'update-nodegroup-version',
          {
            'nodegroup-name': name,
            'launch-template': `id=${launchTemplate?.id ?? 'TEMPLATE'},version=NUMBER`,
          },
          step,
        ),
        link: 'https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html',
      },
      evidence: [
        `type of image ${amiType}`,
        ...(launchTemplate ? [`launch template ${launchTemplate.name}, version ${launchTemplate.used}`] : []),
      ],
    })),
});
