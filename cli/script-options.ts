import { type ParseArgsOptionDescriptor, parseArgs } from 'node:util'

/** As `parseArgs` takes them; `value` names in the usage what stands behind the option. */
type Options = Readonly<Record<string, ParseArgsOptionDescriptor & { readonly value?: string }>>

const usageOf = (command: string, options: Options): string => {
  const each = Object.entries(options).map(([name, { value }]) => `[--${name}${value ? ` <${value}>` : ''}]`)
  return `Usage: ${command} ${each.length > 0 ? each.join(' ') : '(takes no options)'}`
}

/**
 * Options of a script that stands beside the program (train/, bench/, test/quality). With `--help` it prints how it is called
 * and ends with 0; with an option it does not know, or one that lacks its value, it says so, and ends with 2.
 *
 * @param command as a person types it, before the options
 */
export function scriptOptions<const O extends Options>(
  command: string,
  options: O,
): ReturnType<typeof parseArgs<{ options: O }>>['values'] {
  const usage = usageOf(command, options)
  try {
    if (process.argv.slice(2).includes('--help')) {
      console.log(usage)
      process.exit(0)
    }
    return parseArgs({ options }).values
  } catch (error) {
    const isOfUse = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')
    if (!isOfUse) throw error
    // What follows the first sentence tells of positional arguments, which no script takes.
    console.error(error.message.replace(/\. To specify.*/s, ''))
    console.error(usage)
    process.exit(2)
  }
}
