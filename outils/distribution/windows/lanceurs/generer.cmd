@echo off
rem Produit les documents du dossier dont on depose ici le classeur, ou du dossier lui-meme.
setlocal EnableExtensions
chcp 65001 >nul
set "CPOMDOCS=%LOCALAPPDATA%\cpomdocs\env\Scripts\cpomdocs.exe"
set "CPOM=%~1"
if not defined CPOM echo Deposer un classeur maitre sur ce raccourci.& pause & exit /b 0
if exist "%CPOM%\" goto :produire
set "CPOM=%~dp1."
:produire
"%CPOMDOCS%" generer "%CPOM%"
pause
exit /b 0
