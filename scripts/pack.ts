/**
 * `npm run pack`: the libraries as others install them. In the checkout they run from their sources, which Node refuses below
 * node_modules; so each is compiled to JavaScript and declarations, gets a manifest that points there, and becomes a
 * tarball in `dist/npm`. `npm publish dist/npm/<tarball>` is then all that is left to do.
 */
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Library {
  readonly name: string
  /** Whose global names it knows: gsm those that browsers and Node have. */
  readonly platform: 'browser' | 'node'
  /** Libraries of ours that it imports: packed before it. */
  readonly uses: readonly string[]
  /** Commands, each with its source. */
  readonly bin: Readonly<Record<string, string>>
}

const libraries: readonly Library[] = [
  { name: 'gsm', platform: 'browser', uses: [], bin: {} },
  { name: 'smpp', platform: 'node', uses: [], bin: {} },
  {
    name: 'simulator',
    platform: 'node',
    uses: ['gsm', 'smpp'],
    bin: { 'kurzpost-simulator': './src/main.ts' },
  },
]

const platforms = {
  browser: { lib: ['es2023', 'dom'], types: [] },
  node: { lib: ['es2023'], types: ['node'] },
} as const

interface Manifest {
  name: string
  exports: Record<string, string>
  [field: string]: unknown
}

const root = join(import.meta.dirname, '..')
const built = (source: string, ending: string): string =>
  source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, ending)
const values = <T, U>(of: Readonly<Record<string, T>>, make: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, make(value)]))

function stage(library: Library, into: string): string {
  const { name, bin } = library
  const source = join(root, 'packages', name)
  const folder = join(into, name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const { private: _private, ...manifest } = JSON.parse(
    readFileSync(join(source, 'package.json'), 'utf8'),
  ) as Manifest
  compile(source, folder, manifest, library)
  const packed = {
    ...manifest,
    exports: values(manifest.exports, (entry) => ({
      types: built(entry, '.d.ts'),
      default: built(entry, '.js'),
    })),
    ...(Object.keys(bin).length > 0 && { bin: values(bin, (entry) => built(entry, '.js')) }),
    files: ['dist'],
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packed, undefined, 2)}\n`)
  cpSync(join(source, 'README.md'), join(folder, 'README.md'))
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  return folder
}

/** Only what the entries import is compiled, so that no test gets in. */
function compile(source: string, folder: string, { exports }: Manifest, { uses, platform }: Library): void {
  const config = join(folder, 'tsconfig.json')
  const options = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      target: 'es2023',
      rootDir: join(source, 'src'),
      outDir: join(folder, 'dist'),
      ...platforms[platform],
      typeRoots: [join(root, 'node_modules/@types')],
      // Against the declarations that were made just before, because a symlinked source would be compiled once more.
      paths: Object.fromEntries(uses.map((one) => [`@kurzpost/${one}`, [`../${one}/dist/index.d.ts`]])),
    },
    files: Object.values(exports).map((entry) => join(source, entry)),
  }
  writeFileSync(config, JSON.stringify(options))
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], {
    stdio: 'inherit',
  })
  rmSync(config)
}

/** The npm that runs this, or the one on the path. */
export function npm(args: readonly string[], cwd: string): string {
  const own = process.env.npm_execpath
  const options: ExecFileSyncOptionsWithStringEncoding = {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }
  return own?.endsWith('.js')
    ? execFileSync(process.execPath, [own, ...args], options)
    : execFileSync('npm', args, { ...options, shell: process.platform === 'win32' })
}

/** Packs all of them into a folder and gives the paths of the tarballs. */
export function pack(into: string): string[] {
  const folders = libraries.map((library) => stage(library, into))
  const packed = JSON.parse(npm(['pack', '--json', '--offline', ...folders], into)) as { filename: string }[]
  return packed.map(({ filename }) => join(into, filename))
}

if (import.meta.main) {
  const into = join(root, 'dist/npm')
  mkdirSync(into, { recursive: true })
  for (const path of pack(into)) console.log(path)
}
