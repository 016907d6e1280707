@echo off
rem Starts Residua from a checkout. On first use it sets everything up in .venv beside this file.
rem What it does is in installer\bootstrap.py.
setlocal
set "HERE=%~dp0"
set "CHECK=import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))"
set "PYTHON="
if exist "%HERE%.venv\ready" if exist "%HERE%.venv\Scripts\python.exe" set PYTHON="%HERE%.venv\Scripts\python.exe"
if not defined PYTHON if defined RESIDUA_PYTHON "%RESIDUA_PYTHON%" -c "%CHECK%" >nul 2>nul && set PYTHON="%RESIDUA_PYTHON%"
if not defined PYTHON py -3 -c "%CHECK%" >nul 2>nul && set "PYTHON=py -3"
if not defined PYTHON py -3.13 -c "%CHECK%" >nul 2>nul && set "PYTHON=py -3.13"
if not defined PYTHON py -3.12 -c "%CHECK%" >nul 2>nul && set "PYTHON=py -3.12"
if not defined PYTHON py -3.11 -c "%CHECK%" >nul 2>nul && set "PYTHON=py -3.11"
if not defined PYTHON python -c "%CHECK%" >nul 2>nul && set "PYTHON=python"
if not defined PYTHON goto missing
%PYTHON% "%HERE%installer\bootstrap.py" %*
exit /b %ERRORLEVEL%
:missing
>&2 echo residua: no usable Python was found; the py launcher and python were tried.
>&2 echo Residua needs 64-bit Python 3.11, 3.12, 3.13 or 3.14. Install it, for instance with
>&2 echo   winget install Python.Python.3.13
>&2 echo or set RESIDUA_PYTHON to the full path of a python.exe, then run this command again.
exit /b 2
