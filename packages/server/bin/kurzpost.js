#!/usr/bin/env node
import '../src/cli/kurzpost.ts'
