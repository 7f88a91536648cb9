import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

export interface Source {
  readonly name: string;
  readonly text: string;
}

/** The program's own files, and small ones of languages in which blanks mean something. */
export function mutationSources(): readonly Source[] {
  const own = ['src/core', 'src/node', 'src/extension', 'src/webview'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|tsx|css)$/.test(name))
      .sort()
      .map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') })),
  );
  return [...own.filter(({ text }) => text.length > 400), ...foreign];
}

const python = `import os


class Ledger:
    """Keeps what was booked.

        An example stands   indented.
    """

    def __init__(self, path):
        self.path = path
        self.rows = []

    def book(self, name, amount, note="it's booked"):
        if amount != 0 and not name.startswith("-"):
            for row in self.rows:
                if row.name == name:
                    row.amount += amount
                    break
            else:
                self.rows.append((name, amount, note))
        else:
            raise ValueError("nothing  to book: %s" % name)

    def total(self, limit=20000):
        result = 0
        for name, amount, _ in self.rows:
            if amount <= limit:
                result += amount
        return result

    def save(self):
        lines = [f"{name}\\t{amount}" for name, amount, _ in self.rows]
        with open(self.path, "w") as out:
            out.write("\\n".join(lines))
        return os.path.getsize(self.path) > 0
`;

const makefile = `CC      := gcc
CFLAGS  := -O2 -Wall

.PHONY: all clean test

all: build/main build/tool

build/%: src/%.c
\t@mkdir -p $(dir $@)
\t$(CC) $(CFLAGS) -o $@ $<
\t@echo "built $@"

test: all
\t./build/main --self-test && \\
\t  ./build/tool --quiet
\t@echo 'all   passed'

clean:
\trm -rf build
\t@if [ -d cache ]; then \\
\t\trm -rf cache; \\
\tfi
`;

const go = `package ledger

import (
\t"errors"
\t"fmt"
)

type Row struct {
\tName   string
\tAmount int64 // in cents
}

func Total(rows []Row, limit int64) (int64, error) {
\tvar sum int64
\tfor _, row := range rows {
\t\tif row.Amount > limit && !row.Hidden() {
\t\t\treturn 0, errors.New("over the limit")
\t\t}
\t\tsum += row.Amount
\t}
\tfmt.Println("total", sum)
\treturn sum, nil
}

func (r Row) Hidden() bool {
\tswitch r.Name {
\tcase "", "-":
\t\treturn true
\tdefault:
\t\treturn len(r.Name) > 4096
\t}
}
`;

const markdown = `# Ledger

It's a “small” program – nothing more.  
The second line belongs to the same paragraph.

- one item
  - its child
  - another child
- the last item

| Name   | Amount |
| ------ | ------ |
| coffee | 300    |
| tea    | 20000  |

    indented code
        deeper code

Run it with \`make all\` and see.  
Then run \`make test\` as well.
`;

const csharp = `using System;

namespace Ledger
{
    public sealed class Book
    {
        private readonly int limit = 30000;

        public int Add(string name, int amount)
        {
            if (!IsOpen(name) || amount >= limit)
            {
                throw new InvalidOperationException("closed: " + name);
            }
            Console.WriteLine($"{name}: {amount}");
            return amount - 1;
        }

        private static bool IsOpen(string name) => name.Length != 0 && name[0] != '#';
    }
}
`;

const foreign: readonly Source[] = [
  { name: 'ledger.py', text: python },
  { name: 'Makefile', text: makefile },
  { name: 'ledger.go', text: go },
  { name: 'README.md', text: markdown },
  { name: 'Book.cs', text: csharp.replaceAll('\n', '\r\n') },
];
