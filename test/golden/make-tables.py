"""Writes tables.json: little tables as text, and what pandas.read_csv makes of them. python3 make-tables.py > tables.json"""
import io
import json
import sys

import numpy
import pandas

cases = {
    "numbers": ("a,b,c\n1,2.5,-3e-2\n4,.5,+7\n-0,1e5,3.\n", {}),
    "long decimals": ("a,b\n0.1,0.30000000000000004\n123456.789012345678,1e-310\n9007199254740991,5e-324\n2,3\n", {}),
    "missing words": ("a,b,c\n1,x,\nNA,NA,2\n,null,n/a\nnan,#N/A,N/A\n-nan,<NA>,NULL\n5,y,7\n", {}),
    "quotes": ('a,b\n"x, y","he said ""no"""\n"two\nlines",plain\nz," spaces "\n', {}),
    "semicolons and decimal commas": ("a;b;c\n3,14;1;x\n2,5;2;y\n0,125;4;x\n", {"sep": ";", "decimal": ","}),
    "thousands": ('a,b\n"1,234",1\n"12,345,678.5",2\n7,4\n', {"thousands": ","}),
    "European thousands": ("a;b\n1.234,5;1\n12.345.678,25;2\n7;4\n", {"sep": ";", "decimal": ",", "thousands": "."}),
    "tabs": ("a\tb\n1\tx\n2\t\n3\ty\n", {"sep": "\t"}),
    "bars": ("a|b\n1|x\n2|y\n", {"sep": "|"}),
    "CRLF and blank lines": ("a,b\r\n1,x\r\n\r\n2,y\r\n", {}),
    "names twice": ("a,a,b\n1,2,3\n4,5,7\n", {}),
    "ISO dates": ("a,when\n1,2000-01-31\n2,2001-12-01 10:20:30\n3,\n", {"parse_dates": ["when"]}),
    "dates, day first": ("a,when\n1,31/01/2000\n2,01/02/2000\n", {"parse_dates": ["when"], "dayfirst": True}),
    "dates, month first": ("a,when\n1,1/31/2000\n2,1/2/2000\n", {"parse_dates": ["when"]}),
    "dates in English": ("a,when\n1,Jan 1 2000\n2,Feb 29 2000\n", {"parse_dates": ["when"]}),
    "booleans": ("a,b\n1,True\n2,False\n3,True\n", {}),
    "no header": ("1,x\n2,y\n", {"header": None}),
    "names of rows": ("a,b\nr1,1,5\nr2,2,7\n", {}),
}


def cell(value):
    if value is None or value is pandas.NaT or (isinstance(value, float) and numpy.isnan(value)):
        return None
    if isinstance(value, pandas.Timestamp):
        return value.isoformat()
    return value.item() if isinstance(value, numpy.generic) else value


out = {}
for name, (text, options) in cases.items():
    frame = pandas.read_csv(io.StringIO(text), float_precision="round_trip", **options)
    if name == "names of rows":
        frame = frame.reset_index()
    columns = [
        {"name": str(column), "dtype": str(frame[column].dtype), "cells": [cell(value) for value in frame[column]]}
        for column in frame.columns
    ]
    out[name] = {"text": text, "columns": columns}
json.dump({"pandas": pandas.__version__, "tables": out}, sys.stdout, indent=1)
sys.stdout.write("\n")
