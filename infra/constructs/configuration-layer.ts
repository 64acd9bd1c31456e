import { Architecture, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { codeOf } from './function-bundles.ts';

/** The module under which `functions/runtime/config.ts` finds the layer. */
const MODULE = 'nodejs/node_modules/drydock-configuration';

/**
 * The validated configuration as a Lambda layer, addressed by its content: an edit of `drydock.yaml` makes a new
 * layer and touches no function's code, and no Lambda asks the network for its configuration.
 */
export class ConfigurationLayer extends LayerVersion {
  constructor(scope: Construct, id: string, configuration: object) {
    super(scope, id, {
      description: 'drydock.yaml, validated',
      compatibleRuntimes: [Runtime.NODEJS_24_X],
      compatibleArchitectures: [Architecture.ARM_64],
      code: codeOf({
        [`${MODULE}/package.json`]: JSON.stringify({ name: 'drydock-configuration', version: '1.0.0' }),
        [`${MODULE}/configuration.json`]: JSON.stringify(configuration),
      }),
    });
  }
}
