import { severities } from '../sandbox/sourcePlaces';
import { defineTool } from './defineTool';
import { problemData } from './problemData';
import { optionalNumber, optionalText } from './readArguments';
import { languageOf, openFile } from './symbolArgument';

const defaultLimit = 100;

export const diagnostics = defineTool({
  name: 'diagnostics',
  description:
    'The problems that the editor knows: errors and warnings of compilers and linters, without running a command. Of one file, or of the whole workspace without a path: then only of files that the editor has looked at. New problems after an edit are told with its result.',
  params: {
    path: { type: 'string', minLength: 1, required: false, description: 'The file. Default: the whole workspace.' },
    min_severity: {
      type: 'string',
      enum: severities,
      default: 'warning',
      description: 'What is less bad is left out. Default "warning".',
    },
    max_results: { type: 'integer', minimum: 1, maximum: 500, default: defaultLimit, description: 'Default 100.' },
  },
  attributes: { readonly: true },
  available: ({ language }) => language !== undefined,
  async exec(args, { sandbox, signal }) {
    const language = languageOf(sandbox);
    const given = optionalText(args, 'path');
    const file = given === undefined ? undefined : await openFile(given, { sandbox, signal });
    const limit = optionalNumber(args, 'max_results') ?? defaultLimit;
    const wanted = optionalText(args, 'min_severity');
    const minSeverity = severities.find((severity) => severity === wanted) ?? 'warning';
    const { problems, truncated } = await language.problems({ path: file?.path, minSeverity, limit }, signal);
    const data = { problems: problems.map(problemData), truncated };
    if (truncated)
      return { ok: true, data, note: `There are more than ${limit}. Ask for one file, or for errors only.` };
    if (problems.length > 0 || file) return data;
    return {
      ok: true,
      data,
      note: 'The editor knows of no problem. It may not have looked at files that are not open.',
    };
  },
});
